using System.CommandLine;
using System.CommandLine.Parsing;
using LargeRec.Data.Catalogue;

namespace LargeRec.Cli;

/// <summary>One line about a command line that cannot be used, with what was meant most likely.</summary>
internal static class UsageErrors
{
    public static string Describe(ParseResult parsed)
    {
        var path = PathOf(parsed.CommandResult);
        return $"{Reason(parsed, parsed.CommandResult.Command)} (see {(path.Length == 0 ? "largerec" : $"largerec {path}")} --help)";
    }

    private static string Reason(ParseResult parsed, Command command)
    {
        if (parsed.UnmatchedTokens.Count == 0)
        {
            return MissingCommand(command) ?? parsed.Errors[0].Message.TrimEnd('.');
        }

        var token = parsed.UnmatchedTokens[0];
        var name = command is RootCommand ? "largerec" : PathOf(parsed.CommandResult);
        if (token.StartsWith('-'))
        {
            return $"{name} has no option "
                + $"'{token}'{NearestName.Question(token, command.Options.Concat(parsed.RootCommandResult.Command.Options).Select(o => o.Name))}";
        }

        if (command.Subcommands.Count > 0)
        {
            var given = command is RootCommand ? token : $"{name} {token}";
            return $"there is no command '{given}'{NearestName.Question(token, command.Subcommands.Select(c => c.Name))}";
        }

        return command.Arguments.Count > 0
            ? $"{name} takes no further argument '{token}'; options begin with --"
            : $"{name} takes no argument '{token}'; options begin with --";
    }

    private static string? MissingCommand(Command command) => command is not RootCommand && command.Subcommands.Count > 0
        ? $"{command.Name} needs a command: {string.Join(", ", command.Subcommands.Select(c => c.Name))}"
        : null;

    /// <summary>The command's name behind those of its groups, without the program's.</summary>
    private static string PathOf(CommandResult result)
    {
        var names = new List<string>();
        for (SymbolResult? current = result; current is CommandResult { Command: not RootCommand } group; current = current.Parent)
        {
            names.Insert(0, group.Command.Name);
        }

        return string.Join(' ', names);
    }
}
