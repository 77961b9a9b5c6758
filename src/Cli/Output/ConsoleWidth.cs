namespace LargeRec.Cli.Output;

/// <summary>How many columns a line may have.</summary>
internal static class ConsoleWidth
{
    private const int Usual = 80;
    private const int Least = 20;
    private const int MostForText = 100;

    /// <summary>Of running text on stdout: the terminal's width up to 100, and 80 where stdout is no terminal.</summary>
    public static int OfOutput() => Console.IsOutputRedirected ? Usual : Math.Min(OfTerminal(), MostForText);

    /// <summary>Of the terminal.</summary>
    public static int OfTerminal() => Console.WindowWidth is > 0 and var width ? Math.Max(width, Least) : Usual;
}
