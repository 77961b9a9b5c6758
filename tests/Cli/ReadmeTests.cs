using System.Text.RegularExpressions;
using LargeRec.Data.Events;
using LargeRec.Data.Synthetic;
using LargeRec.Engine.Randomness;

namespace LargeRec.Cli.Tests;

/// <summary>What the README shows is run: its C# block, and the arguments of its commands.</summary>
public sealed class ReadmeTests
{
    private const string Command = "dotnet run -c Release --project src/Cli -- ";

    private TemporaryFolder _folder = null!;
    private string _startedIn = null!;

    [SetUp]
    public void Enter()
    {
        _folder = new TemporaryFolder();
        _startedIn = Environment.CurrentDirectory;
        Environment.CurrentDirectory = _folder.FolderPath;
        var log = InteractionGenerator.Generate(new GeneratorOptions { Users = 100, Items = 60 }, seed => new Stream(seed));
        EventLogWriter.WriteCsv(log, _folder["events.csv"]);
    }

    [TearDown]
    public void Leave()
    {
        Environment.CurrentDirectory = _startedIn;
        _folder.Dispose();
    }

    [Test]
    public void The_code_of_the_README_is_the_code_that_is_tested()
    {
        var code = DocumentedCode.UsingsOf("ReadmeExample.cs") + "\n" + DocumentedCode.PartsOf("ReadmeExample.cs").Single();
        Assert.That(DocumentedCode.BlocksOf("README.md"), Is.EqualTo([code]));
        Assert.That(code.Split('\n').Count(line => line.Length > 0), Is.LessThan(20));
    }

    [Test]
    public void The_code_of_the_README_trains_and_recommends()
    {
        var console = Console.Out;
        using var written = new StringWriter();
        Console.SetOut(written);
        try
        {
            ReadmeExample.Run();
        }
        finally
        {
            Console.SetOut(console);
        }

        Assert.That(written.ToString().ReplaceLineEndings("\n"), Does.Match(@"^NDCG@10 0\.\d{4}\n(\d\. .+ -?\d\.\d{3}\n){5}$"));
    }

    [Test]
    public void The_commands_of_the_README_run_one_after_the_other()
    {
        WriteMovieLens();
        var commands = Readme().Split('\n').Where(line => line.StartsWith(Command, StringComparison.Ordinal)).Select(line => line[Command.Length..]).ToArray();
        Assert.That(commands, Has.Length.GreaterThanOrEqualTo(4).And.Some.StartsWith("train --data events.csv").And.Some.StartsWith("evaluate"));
        foreach (var command in commands)
        {
            string[] arguments = [.. command.Split(' ').Select(a => a.Replace("~", _folder.FolderPath, StringComparison.Ordinal))];
            string[] shortened = arguments[0] == "train" ? [.. arguments, "--epochs", "1"] : arguments;
            var result = CliProcess.Run(_folder.FolderPath, shortened);
            Assert.That(result.ExitCode, Is.Zero, $"{command}: {result.Error}");
            Assert.That(result.Output + (arguments.Contains("--out") ? File.ReadAllText(_folder[arguments[^1]]) : ""),
                Does.Contain(arguments[0] == "recommend" ? "u1" : "NDCG@10"), command);
        }
    }

    [Test]
    public void The_exit_codes_of_the_documentation_are_those_of_the_program()
    {
        var documented = Regex.Matches(File.ReadAllText(DocumentedCode.PathOf("../../docs/cli.md")), @"^\| (\d+) \|", RegexOptions.Multiline)
            .Select(m => m.Groups[1].Value);
        var source = File.ReadAllText(DocumentedCode.PathOf("../../src/Cli/ExitCodes.cs"));
        Assert.That(documented, Is.EqualTo(Regex.Matches(source, @"const int \w+ = (\d+);").Select(m => m.Groups[1].Value)));
    }

    /// <summary>A MovieLens 1M of a few users, made up, in the publisher's layout.</summary>
    private void WriteMovieLens()
    {
        var movies = string.Concat(Enumerable.Range(1, 30).Select(m => $"{m}::Film {m} (1999)::Drama\n"));
        var ratings = from user in Enumerable.Range(1, 20)
                      from i in Enumerable.Range(0,
            10)
                      select $"{user}::{(user + (3 * i)) % 30 + 1}::4::{978_300_000 + (60 * i)}\n";
        _folder.Write("data/ml-1m/movies.dat", movies);
        _folder.Write("data/ml-1m/ratings.dat", string.Concat(ratings));
    }

    private static string Readme() => File.ReadAllText(DocumentedCode.PathOf("../../README.md"));

    private sealed class Stream(ulong seed) : IRandomStream
    {
        private readonly PhiloxStream _stream = new(seed, "readme");

        public uint NextUInt32() => _stream.NextUInt32();
    }
}
