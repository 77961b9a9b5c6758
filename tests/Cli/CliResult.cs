namespace LargeRec.Cli.Tests;

/// <summary>What a process of the command ended with.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    public IReadOnlyList<string> OutputLines => Lines(Output);

    public IReadOnlyList<string> ErrorLines => Lines(Error);

    /// <summary>The run went well: results on stdout and no error on stderr.</summary>
    public void AssertSuccess() => Assert.That(ExitCode, Is.Zero, Error);

    /// <summary>The process ended with this code, with one line about it, the last on stderr, and neither results nor a stack trace.</summary>
    public void AssertFailure(int exitCode, string message)
    {
        Assert.That(ExitCode, Is.EqualTo(exitCode), Error);
        Assert.That(ErrorLines[^1], Does.StartWith("largerec: ").And.Contains(message));
        Assert.That(ErrorLines.Count(line => line.StartsWith("largerec: ", StringComparison.Ordinal)), Is.EqualTo(1), Error);
        Assert.That(Error, Does.Not.Contain("   at "), "a stack trace");
        Assert.That(Output, Is.Empty);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
