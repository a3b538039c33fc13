namespace SupportCluster.Cli;

/// <summary>How a run ends, for scripts.</summary>
internal static class ExitCode
{
    internal const int Ok = 0;

    /// <summary>The server refused, was not reached, or something that was to be imported was not.</summary>
    internal const int Refused = 1;

    /// <summary>The command line, a file or a mapping is wrong; nothing was sent.</summary>
    internal const int Usage = 2;

    /// <summary>Not signed in, or no longer.</summary>
    internal const int SignIn = 3;

    internal const int NotFound = 4;

    /// <summary>Whether it took effect is not known: look before doing it again.</summary>
    internal const int OutcomeUnknown = 5;
}
