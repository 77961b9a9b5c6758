using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using LargeRec.Cli.Output;

namespace LargeRec.Cli.Help;

/// <summary>Prints help no wider than the terminal, or 80 columns where there is none, with a command's examples below.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private readonly HelpAction _help = new() { MaxWidth = ConsoleWidth.OfOutput() };

    /// <summary>Somebody who asks for help gets it, whatever else the line holds.</summary>
    public override bool ClearsParseErrors => true;

    /// <summary>Answers to the root's option --help, which all commands inherit.</summary>
    public void Attach(RootCommand root) => root.Options.OfType<HelpOption>().Single().Action = this;

    public override int Invoke(ParseResult parseResult)
    {
        _help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ExampleCommand command)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var line in command.Examples.Split('\n'))
            {
                output.WriteLine($"  {line}");
            }
        }

        return ExitCodes.Success;
    }
}
