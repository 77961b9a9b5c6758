namespace LargeRec.Cli;

/// <summary>What the process ends with.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>Something that should not happen did.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the configuration cannot be used.</summary>
    public const int Usage = 2;

    /// <summary>The data, a run folder, weights or a file cannot be used.</summary>
    public const int Data = 3;

    /// <summary>A computation made NaN or infinity.</summary>
    public const int NotFinite = 4;

    /// <summary>Stopped by Ctrl-C or a signal.</summary>
    public const int Interrupted = 130;
}
