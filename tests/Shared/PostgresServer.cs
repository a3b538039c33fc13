using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SupportCluster;

/// <summary>
/// A PostgreSQL server of the tests' own: in a temporary folder, on a free port of 127.0.0.1, durable as in production. It can be killed
/// and started again on the same port and data. The machine's own servers are left alone.
/// </summary>
internal sealed class PostgresServer : IDisposable
{
    private const string User = "postgres";
    private static readonly string? Programs = FindPrograms();

    private readonly string _folder;
    private Process? _postmaster;

    private PostgresServer(string folder, int port) => (_folder, Port) = (folder, port);

    internal int Port { get; }

    /// <summary>What this machine lacks for it, as a sentence; null when nothing.</summary>
    internal static string? Missing => Programs is null
        ? "PostgreSQL is not installed (no initdb in /usr/lib/postgresql/*/bin or on PATH): apt-get install postgresql"
        : null;

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Makes an empty server and starts it.</summary>
    internal static PostgresServer Start()
    {
        if (Missing is { } missing)
        {
            throw new InvalidOperationException(missing);
        }

        var folder = Directory.CreateTempSubdirectory("supportcluster-postgres-").FullName;
        var server = new PostgresServer(folder, FreePort());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                Run("chown", User, folder);
            }

            RunAsUser("initdb", "-D", server.Data, "-U", User, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync");
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
        var settings = string.Create(CultureInfo.InvariantCulture, $"-c listen_addresses=127.0.0.1 -c port={Port} -c unix_socket_directories= -c max_connections=300");
        RunAsUser("pg_ctl", "start", "-D", Data, "-w", "-t", "60", "-s", "-l", Path.Combine(_folder, "log"), "-o", settings);
        var pid = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        _postmaster = Process.GetProcessById(pid);
    }

    /// <summary>SIGKILL to the server and all of its processes; returns when they are gone.</summary>
    internal void Kill()
    {
        if (_postmaster is { } postmaster)
        {
            _postmaster = null;
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

    private void Psql(string database, string how, string what)
        => Run(Path.Combine(Programs!, "psql"), "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", User, "-d", database, "-X", "-q", "-v", "ON_ERROR_STOP=1", how, what);

    private static string? FindPrograms()
    {
        var debian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")) : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return debian.OrderDescending(StringComparer.Ordinal).Concat(path).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    // The server refuses to run as root: it then runs as the user that its package has made.
    private static void RunAsUser(string program, params string[] arguments)
    {
        program = Path.Combine(Programs!, program);
        if (Environment.IsPrivilegedProcess)
        {
            Run("setpriv", ["--reuid", User, "--regid", User, "--clear-groups", "--", program, .. arguments]);
        }
        else
        {
            Run(program, arguments);
        }
    }

    // Output goes to a file's end, not to a pipe: the server inherits it and would keep a pipe open.
    private static void Run(string program, params string[] arguments)
    {
        var output = Path.GetTempFileName();
        try
        {
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", output, program, .. arguments]) { WorkingDirectory = "/" })!;
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {process.ExitCode}: {File.ReadAllText(output).Trim()}");
            }
        }
        finally
        {
            File.Delete(output);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
