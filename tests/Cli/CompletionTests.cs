namespace LargeRec.Cli.Tests;

/// <summary>Completion in a real bash: the script is loaded and asked as the shell asks it.</summary>
public sealed class CompletionTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create()
    {
        if (OperatingSystem.IsWindows() || !File.Exists("/bin/bash"))
        {
            Assert.Ignore("/bin/bash does not exist");
            return;
        }

        _folder = new TemporaryFolder();
        _folder.Write("bin/largerec", $"#!/bin/sh\nexec '{CliProcess.Host}' '{CliProcess.AssemblyPath}' \"$@\"\n");
        File.SetUnixFileMode(_folder["bin/largerec"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [TearDown]
    public void Delete() => _folder?.Dispose();

    [Test]
    public void The_script_registers_itself()
    {
        var result = Bash("complete -p largerec");
        result.AssertSuccess();
        Assert.That(result.Output, Is.EqualTo("complete -o bashdefault -o default -F _largerec largerec\n"));
        Assert.That(result.Error, Is.Empty);
    }

    [TestCase("largerec tr", "train")]
    [TestCase("largerec data do", "download")]
    [TestCase("largerec train --data", "--data --data-dir")]
    [TestCase("largerec train --ep", "--epochs")]
    [TestCase("largerec train --data ml-1", "ml-100k ml-1m")]
    [TestCase("largerec train --data=ml-1", "ml-100k ml-1m")]
    [TestCase("largerec evaluate --config ml-1m/hstu-", "ml-1m/hstu-large")]
    [TestCase("largerec data download kuai", "kuairand-1k kuairand-27k kuairand-pure")]
    [TestCase("largerec completion ", "bash")]
    [TestCase("largerec train --run ", "")]
    [TestCase("largerec nonsense --da", "")]
    public void What_may_follow_is_offered(string line, string offered)
    {
        var result = Bash("""
            COMP_LINE=$1; COMP_POINT=${#1}; read -ra COMP_WORDS <<< "$1"; [[ $1 == *' ' ]] && COMP_WORDS+=(""); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            _largerec; echo "${COMPREPLY[*]}"
            """, line);
        result.AssertSuccess();
        Assert.That(result.Output, Is.EqualTo(offered + "\n"));
    }

    [Test]
    public void Another_shell_is_one_line() => CliProcess.Run(_folder.FolderPath, "completion", "fish")
        .AssertFailure(2, "completion fish: there is a script for bash");

    private CliResult Bash(string command, string argument = "") =>
        CliProcess.RunProgram("/bin/bash", _folder.FolderPath, "--norc", "-c", $"PATH='{_folder["bin"]}':$PATH; source <(largerec completion bash); {command}",
            "bash", argument);
}
