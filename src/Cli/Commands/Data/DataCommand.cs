using System.CommandLine;
using LargeRec.Cli.Help;

namespace LargeRec.Cli.Commands.Data;

/// <summary>largerec data: what is done with events before a model sees them.</summary>
internal static class DataCommand
{
    public static Command Create() => new ExampleCommand("data", "Get, look at, prepare and generate events.",
        "largerec data inspect events.csv --columns user=who,item=what")
    {
        DataListCommand.Create(),
        DataDownloadCommand.Create(),
        DataPrepareCommand.Create(),
        DataInspectCommand.Create(),
        DataGenerateCommand.Create(),
    };
}
