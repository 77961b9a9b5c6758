using System.CommandLine;
using LargeRec.Cli;
using LargeRec.Cli.Commands;

var root = new RootCommand("LargeRec trains, evaluates and serves large recommendation models on .NET alone.")
{
    TrainCommand.Create(),
    EvaluateCommand.Create(),
};
root.Options.Add(SharedOptions.Verbose);
return CommandRunner.Invoke(root, args);
