using System.CommandLine;
using LargeRec.Cli;
using LargeRec.Cli.Commands;
using LargeRec.Cli.Commands.Data;
using LargeRec.Cli.Commands.Kernels;
using LargeRec.Cli.Help;

using var signals = new StopSignals();
var help = new HelpWithExamples();
var root = new RootCommand("LargeRec trains, evaluates and serves large recommendation models on .NET alone.")
{
    TrainCommand.Create(signals),
    EvaluateCommand.Create(),
    RecommendCommand.Create(),
    DataCommand.Create(),
    RunsCommand.Create(),
    ConfigCommand.Create(),
    StudyCommand.Create(signals),
    DevicesCommand.Create(),
    KernelsCommand.Create(),
    CompletionCommand.Create(),
};
root.HelpName = "largerec";
root.Options.Add(SharedOptions.Verbose);
root.SetAction(help.Invoke);
help.Attach(root);
return CommandRunner.Invoke(root, args, signals);
