using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace SupportCluster;

/// <summary>
/// A PostgreSQL server of the tests' own: in a temporary folder, on a free port of 127.0.0.1, durable as in production. It can be killed
/// and started again on the same port and data. The machine's own servers are left alone.
/// </summary>
internal sealed partial class PostgresServer : IDisposable
{
    private const string User = "postgres";
    private static readonly string? Programs = FindPrograms();

    private readonly string _folder;
    private Process? _postmaster;

    private readonly (string Name, string Value)[] _settings;

    private PostgresServer(string folder, int port, (string Name, string Value)[] settings) => (_folder, Port, _settings) = (folder, port, settings);

    internal int Port { get; }

    /// <summary>What this machine lacks for it, as a sentence; null when nothing.</summary>
    internal static string? Missing => Programs is null
        ? "PostgreSQL is not installed (no initdb in /usr/lib/postgresql/*/bin or on PATH): apt-get install postgresql"
        : null;

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Makes an empty server and starts it, with settings beside the usual ones.</summary>
    internal static PostgresServer Start(params (string Name, string Value)[] settings)
    {
        if (Missing is { } missing)
        {
            throw new InvalidOperationException(missing);
        }

        var folder = Directory.CreateTempSubdirectory("supportcluster-postgres-").FullName;
        var server = new PostgresServer(folder, FreePort(), settings);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                Run(new ProcessStartInfo("chown", [User, folder]));
            }

            Run(AsUser("initdb", "-D", server.Data, "-U", User, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"));
            server.StartAgain();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Starts it on the port and data that it had, and returns when it answers.</summary>
    internal void StartAgain()
    {
        // What is left of a killed server may need a moment to die, and the new one refuses to start before it has.
        for (var attempt = 1; _postmaster is null; attempt++)
        {
            var said = new List<string>();
            _postmaster = Postmaster(said);
            if (_postmaster is null && attempt == 20)
            {
                throw new InvalidOperationException($"PostgreSQL does not start: {string.Join(' ', said)}");
            }
        }
    }

    /// <summary>SIGKILL to the server and all of its processes.</summary>
    internal void Kill()
    {
        if (Interlocked.Exchange(ref _postmaster, null) is { } postmaster)
        {
            postmaster.Kill(entireProcessTree: true);
            postmaster.WaitForExit();
            postmaster.Dispose();
        }
    }

    /// <summary>Makes a database and returns how to connect to it.</summary>
    internal string CreateDatabase(string name)
    {
        Sql("postgres", $"CREATE DATABASE \"{name}\"");
        return ConnectionString(name);
    }

    internal string ConnectionString(string database)
        => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Database={database};Username={User};Password=a-secret-of-the-tests");

    /// <summary>Runs statements, or a file of them, as an operator would.</summary>
    internal void Sql(string database, string statements) => Psql(database, "-c", statements);

    internal void SqlFile(string database, string path) => Psql(database, "-f", path);

    public void Dispose()
    {
        Kill();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Disposed of before.
        }
    }

    /// <returns>Null when it ended before it was ready.</returns>
    private Process? Postmaster(List<string> said)
    {
        (string Name, string Value)[] settings =
        [
            ("listen_addresses", "127.0.0.1"), ("port", Port.ToString(CultureInfo.InvariantCulture)), ("unix_socket_directories", ""), ("max_connections", "300"), .. _settings,
        ];
        var start = AsUser("postgres", ["-D", Data, .. settings.SelectMany(s => (string[])["-c", $"{s.Name}={s.Value}"])]);
        start.RedirectStandardError = true;
        var postmaster = Process.Start(start)!;
        var ready = new TaskCompletionSource<bool>();
        postmaster.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null || line.Data.Contains("database system is ready to accept connections", StringComparison.Ordinal))
            {
                ready.TrySetResult(line.Data is not null);
            }
            else if (!ready.Task.IsCompleted)
            {
                said.Add(line.Data);
            }
        };
        postmaster.BeginErrorReadLine();
        if (ready.Task.GetAwaiter().GetResult())
        {
            return postmaster;
        }

        postmaster.WaitForExit();
        postmaster.Dispose();
        return null;
    }

    private void Psql(string database, string how, string what)
        => Run(new ProcessStartInfo(
            Path.Combine(Programs!, "psql"),
            ["-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", User, "-d", database, "-X", "-q", "-v", "ON_ERROR_STOP=1", how, what]));

    private static string? FindPrograms()
    {
        var debian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")) : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return debian.OrderDescending(StringComparer.Ordinal).Concat(path).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    // The server refuses to run as root: it then runs as the user that its package has made.
    private static ProcessStartInfo AsUser(string program, params string[] arguments)
    {
        program = Path.Combine(Programs!, program);
        return Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid", User, "--regid", User, "--clear-groups", "--", program, .. arguments]) { WorkingDirectory = "/" }
            : new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" };
    }

    private static void Run(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Path.GetFileName(start.FileName)} ended with {process.ExitCode}: {error.Trim()}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
