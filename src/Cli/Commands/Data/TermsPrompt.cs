using LargeRec.Cli.Output;
using LargeRec.Data.Catalogue;

namespace LargeRec.Cli.Commands.Data;

/// <summary>Shows a publisher's terms and has them agreed to before anything is fetched.</summary>
internal static class TermsPrompt
{
    /// <exception cref="UsageException">They were not agreed to, or there is nobody to ask.</exception>
    public static async Task RequireAsync(PublishedDataset dataset, bool isAccepted, CancellationToken cancellation)
    {
        Write($"{dataset.Title}: the publisher's terms ({dataset.Terms.Link})");
        foreach (var paragraph in dataset.Terms.Text.ReplaceLineEndings("\n").Split('\n'))
        {
            Write($"  {paragraph}");
        }

        if (isAccepted)
        {
            Write("agreed to by --accept-terms");
            return;
        }

        if (Console.IsInputRedirected)
        {
            throw new UsageException($"{dataset.Name} comes under the terms above, and there is no terminal to ask at: read them, and pass "
                + "--accept-terms if you agree");
        }

        Console.Error.Write("Do you agree? [y/N] ");
        var answer = await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancellation).ConfigureAwait(false);
        if (answer?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
        {
            throw new UsageException("the terms were not agreed to; nothing was fetched");
        }
    }

    private static void Write(string text)
    {
        foreach (var line in DisplayText.Wrap(text, ConsoleWidth.OfTerminal(), indent: 4))
        {
            Console.Error.WriteLine(line);
        }
    }
}
