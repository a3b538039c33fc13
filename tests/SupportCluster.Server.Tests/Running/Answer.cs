using System.Net.Http.Headers;

namespace SupportCluster.Server.Tests.Running;

/// <summary>What a server answered, read to its end.</summary>
internal sealed record Answer(string Request, HttpStatusCode Status, string? MediaType, string Text, byte[] Bytes, HttpResponseHeaders Headers)
{
    private static readonly string[] Insides = ["   at ", "Exception", "System.", "SupportCluster.", "Orleans", "Microsoft", "`1", ".cs:line", "\"body\""];

    internal JsonElement Json => JsonDocument.Parse(Text).RootElement;

    internal string? Code => MediaType == "application/problem+json" ? Json.GetProperty("code").GetString() : null;

    internal JsonElement this[string member] => Json.GetProperty(member);

    /// <summary>The answer, which is a yes.</summary>
    internal Answer Ok()
    {
        Assert.True((int)Status is >= 200 and < 300, $"{this}");
        return this;
    }

    /// <summary>The answer, which is a problem of this status and code in the one form of all problems, and shows nothing of the inside.</summary>
    internal Answer Refused(int status, string code)
    {
        Problem();
        Assert.True((int)Status == status && Code == code, $"{status} {code} was expected: {this}");
        return this;
    }

    internal Answer Problem()
    {
        Assert.True(MediaType == "application/problem+json", $"{this}");
        Assert.Equal($"urn:supportcluster:problem:{Code}", this["type"].GetString());
        Assert.Equal((int)Status, this["status"].GetInt32());
        Assert.NotEmpty(this["title"].GetString()!);
        Assert.NotEmpty(this["detail"].GetString()!);
        Assert.NotEmpty(this["traceId"].GetString()!);
        Assert.True(Insides.All(inside => !Text.Contains(inside, StringComparison.Ordinal)), $"Shows its inside: {this}");
        return this;
    }

    public override string ToString() => $"{Request} -> {(int)Status} {Text[..Math.Min(Text.Length, 2000)]}";
}
