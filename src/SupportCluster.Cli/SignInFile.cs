using System.Text.Json;
using NodaTime;
using SupportCluster.Protocol;

namespace SupportCluster.Cli;

/// <summary>What <c>login</c> remembers.</summary>
/// <param name="ExpiresAt">Absent when the token does not say.</param>
internal sealed record SignIn(string Server, string Token, string? Persona = null, Instant? ExpiresAt = null);

/// <summary>The remembered sign-in, in <c>$XDG_CONFIG_HOME/supportctl/sign-in.json</c>, readable by its owner only.</summary>
internal sealed class SignInFile(Terminal terminal)
{
    internal string FilePath
    {
        get
        {
            var folder = terminal.Environment("XDG_CONFIG_HOME") is { Length: > 0 } config ? config
                : terminal.Environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".config")
                : Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData);
            return Path.Combine(folder, "supportctl", "sign-in.json");
        }
    }

    internal SignIn? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<SignIn>(File.ReadAllBytes(FilePath), WireJson.Tolerant);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception unusable) when (unusable is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The sign-in in {FilePath} cannot be read: {unusable.Message} Sign in again with: supportctl login");
        }
    }

    internal void Write(SignIn signIn)
    {
        var path = FilePath;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(file, signIn, WireJson.Tolerant);
        }

        File.Move(draft, path, overwrite: true);
    }
}
