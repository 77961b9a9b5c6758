using System.CommandLine;

namespace LargeRec.Cli.Help;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class ExampleCommand(string name, string description, string examples) : Command(name, description)
{
    /// <summary>Command lines, one a line.</summary>
    public string Examples { get; } = examples;
}
