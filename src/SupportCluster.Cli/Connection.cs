using System.Collections.Concurrent;
using NodaTime;
using SupportCluster.Client;
using SupportCluster.Protocol;

namespace SupportCluster.Cli;

/// <summary>Which server is spoken to, and as whom: command line, then environment, then what <c>login</c> remembered.</summary>
internal sealed class Connection
{
    internal const string DefaultServer = "http://localhost:8080";

    private readonly Terminal terminal;
    private readonly string? givenToken;
    private readonly string? persona;
    private readonly SignIn? remembered;
    private readonly ConcurrentDictionary<string, bool> told = new(StringComparer.Ordinal);
    private string? fetched;

    internal Connection(Terminal terminal, string? server, string? token, string? persona)
    {
        this.terminal = terminal;
        this.persona = persona;
        remembered = new SignInFile(terminal).Read();
        Addresses = Parse(server ?? NotEmpty("SUPPORTCTL_SERVER") ?? remembered?.Server ?? DefaultServer);
        givenToken = token ?? (persona is null ? NotEmpty("SUPPORTCTL_TOKEN") : null);
    }

    /// <summary>The nodes of one cluster: the first that answers is spoken to.</summary>
    internal IReadOnlyList<Uri> Addresses { get; }

    /// <summary>The same, as it is said to people and remembered.</summary>
    internal string Server => string.Join(',', Addresses.Select(a => a.AbsoluteUri.TrimEnd('/')));

    internal SupportClusterOptions Options => new() { Addresses = Addresses, Token = Token, Handler = terminal.Handler };

    internal SupportClusterClient Client() => new(Options, terminal.Time)
    {
        Repeating = reason =>
        {
            // Several requests, several attempts: what is the matter is said once.
            if (told.TryAdd(reason, true))
            {
                terminal.Error.WriteLine(Output.Clean($"supportctl: {reason} Trying again for half a minute."));
            }
        },
    };

    /// <summary>A fresh token of a development persona.</summary>
    internal async Task<DevelopmentToken> Fetch(string name, CancellationToken cancellation)
    {
        using var anonymous = new SupportClusterClient(Options with { Token = null }, terminal.Time);
        try
        {
            return await anonymous.DevelopmentToken(new DevelopmentTokenRequest(name), cancellation);
        }
        catch (SupportClusterException refused) when (refused.Status is { } status && (int)status is >= 400 and < 500)
        {
            throw new SignInException($"{Server} gives no token for the persona '{name}': {refused.Message}");
        }
    }

    /// <summary>The sign-in to remember: of the persona or token that was given.</summary>
    internal async Task<SignIn> NewSignIn(CancellationToken cancellation)
    {
        if (persona is not null)
        {
            var token = await Fetch(persona, cancellation);
            return new SignIn(Server, token.Token, persona, token.ExpiresAt);
        }

        return givenToken is { } given ? new SignIn(Server, given) : throw new UsageException("Nothing to sign in with: --as <persona> or --token <token> is expected.");
    }

    private async ValueTask<string?> Token(CancellationToken cancellation)
    {
        if (givenToken is not null)
        {
            return givenToken;
        }

        if (persona is not null)
        {
            return fetched ??= (await Fetch(persona, cancellation)).Token;
        }

        // A remembered token goes to the servers that it was made for, and to no other.
        if (remembered is null || Addresses.Except(Parse(remembered.Server)).Any())
        {
            return null;
        }

        var expired = remembered.ExpiresAt is { } end && end <= Instant.FromDateTimeOffset(terminal.Time.GetUtcNow());
        return expired ? throw new SignInException($"The sign-in to {Server} expired at {Output.Utc(remembered.ExpiresAt)}.") : remembered.Token;
    }

    private static List<Uri> Parse(string servers)
    {
        var addresses = new List<Uri>();
        foreach (var address in servers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } some ? some : [servers])
        {
            addresses.Add(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri
                : throw new UsageException($"'{address}' is not a server's address: such as {DefaultServer} is expected."));
        }

        return addresses;
    }

    private string? NotEmpty(string variable) => terminal.Environment(variable) is { Length: > 0 } value ? value : null;
}
