using System.CommandLine;
using LargeRec.Cli.Help;

namespace LargeRec.Cli.Commands;

/// <summary>largerec completion: a script by which a shell completes command lines.</summary>
internal static class CompletionCommand
{
    private const string Description = "Print a script that lets a shell complete commands, options and names with the TAB key.";

    private const string Examples = """
        source <(largerec completion bash)
        largerec completion bash > ~/.local/share/bash-completion/completions/largerec
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash.", HelpName = "SHELL" };
        shell.CompletionSources.Add("bash");
        var command = new ExampleCommand("completion", Description, Examples) { shell };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(shell) is not "bash" and var other)
            {
                throw new UsageException($"completion {other}: there is a script for bash (zsh runs it after: autoload -U bashcompinit && bashcompinit)");
            }

            using var script = typeof(CompletionCommand).Assembly.GetManifestResourceStream("completion.bash")!;
            using var reader = new StreamReader(script);
            Console.Write(reader.ReadToEnd());
            return ExitCodes.Success;
        });
        return command;
    }
}
