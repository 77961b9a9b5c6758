using System.CommandLine;
using LargeRec.Data.Catalogue;

namespace LargeRec.Cli;

/// <summary>One line about a command line that cannot be used, with what was meant most likely.</summary>
internal static class UsageErrors
{
    public static string Describe(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = command is RootCommand ? "largerec" : $"largerec {command.Name}";
        return $"{Reason(parsed, command)} (see {path} --help)";
    }

    private static string Reason(ParseResult parsed, Command command)
    {
        if (parsed.UnmatchedTokens.Count == 0)
        {
            return parsed.Errors[0].Message.TrimEnd('.');
        }

        var token = parsed.UnmatchedTokens[0];
        var name = command is RootCommand ? "largerec" : command.Name;
        if (token.StartsWith('-'))
        {
            return $"{name} has no option '{token}'{NearestName.Question(token, command.Options.Concat(parsed.RootCommandResult.Command.Options).Select(o => o.Name))}";
        }

        return command.Subcommands.Count > 0
            ? $"there is no command '{token}'{NearestName.Question(token, command.Subcommands.Select(c => c.Name))}"
            : $"{name} takes no argument '{token}'; options begin with --";
    }
}
