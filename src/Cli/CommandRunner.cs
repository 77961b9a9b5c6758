using System.CommandLine;
using LargeRec.Cli.Output;
using LargeRec.Data.Catalogue;
using LargeRec.Data.Download;
using LargeRec.Data.Events;
using LargeRec.Engine.Weights;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Recommendations;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Cli;

/// <summary>Runs the command that was asked for; whatever goes wrong becomes one line on stderr and an exit code.</summary>
internal static class CommandRunner
{
    public static int Invoke(RootCommand root, string[] args, StopSignals signals)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            Say(UsageErrors.Describe(parsed));
            return ExitCodes.Usage;
        }

        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return parsed.InvokeAsync(configuration, signals.Token).GetAwaiter().GetResult();
        }
#pragma warning disable CA1031 // the one place where everything that was not foreseen ends as a line, not as a crash dump
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Say(Message(exception));
            if (parsed.GetValue(SharedOptions.Verbose))
            {
                Console.Error.WriteLine(exception);
            }

            return CodeOf(exception);
        }
    }

    /// <summary>One line; on a terminal it is broken at spaces, not wherever the terminal's width ends.</summary>
    private static void Say(string message)
    {
        var line = $"largerec: {OneLine.Of(message)}";
        foreach (var part in Console.IsErrorRedirected ? [line] : DisplayText.Wrap(line, ConsoleWidth.OfTerminal(), indent: 4))
        {
            Console.Error.WriteLine(part);
        }
    }

    private static string Message(Exception exception) => exception switch
    {
        OperationCanceledException => "stopped",
        OutOfMemoryException => $"out of memory: {exception.Message.TrimEnd('.')}. Take a smaller training.batch_size, data.max_length or model.width",
        _ when CodeOf(exception) == ExitCodes.Failure => $"{exception.Message} (--verbose shows where)",
        _ => exception.Message,
    };

    private static int CodeOf(Exception exception) => exception switch
    {
        OperationCanceledException => ExitCodes.Interrupted,
        ConfigurationException or UsageException or RecommendationException => ExitCodes.Usage,
        DataFormatException or DatasetNotFoundException or RunFolderException or WeightsFormatException => ExitCodes.Data,
        DownloadException or IOException or UnauthorizedAccessException => ExitCodes.Data,
        ArithmeticException and not (OverflowException or DivideByZeroException) => ExitCodes.NotFinite,
        _ => ExitCodes.Failure,
    };
}
