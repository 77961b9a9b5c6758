using System.CommandLine;

namespace LargeRec.Cli.Commands.Data;

/// <summary>largerec data: what is done with events before a model sees them.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "Get, look at, prepare and generate events.")
    {
        DataListCommand.Create(),
        DataDownloadCommand.Create(),
        DataPrepareCommand.Create(),
        DataInspectCommand.Create(),
        DataGenerateCommand.Create(),
    };
}
