namespace LargeRec.Cli.Tests;

/// <summary>Command lines that cannot be used: one line that says what to do, the documented exit code, nothing left behind.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class UsageTests
{
    private const int Usage = 2;
    private const int Data = 3;

    [TestCase(Usage, "there is no command 'trian': did you mean 'train'?", "trian")]
    [TestCase(Usage, "train has no option '--epoch': did you mean '--epochs'?", "train", "--epoch", "3")]
    [TestCase(Usage, "evaluate has no option '--checkpont': did you mean '--checkpoint'?", "evaluate", "--checkpont", "best")]
    [TestCase(Usage, "train takes no argument 'events.csv'", "train", "events.csv")]
    [TestCase(Usage, "training.epochs is many; it must be a whole number", "train", "--epochs", "many")]
    [TestCase(Usage, "training.seed is -1", "train", "--seed", "-1")]
    [TestCase(Usage, "--threads 0: take a number from 1 to", "train", "--threads", "0")]
    [TestCase(Usage, "--threads two", "train", "--threads", "two")]
    [TestCase(Usage, "--profile 0: take at least 1 step", "train", "--profile", "0")]
    [TestCase(Usage, "profile: 5000 steps after 5 that warm up are 5005, and the run has", "train", "--profile", "5000", "--epochs", "1", "--set",
        "data.generator.users=50")]
    [TestCase(Usage, "--device gpu: take cpu, opencl or cuda", "train", "--device", "gpu")]
    [TestCase(Usage, "--device cuda:: take cpu, opencl or cuda", "train", "--device", "cuda:")]
    [TestCase(Usage, "leave it away with --device cuda", "train", "--device", "cuda", "--threads", "2")]
    [TestCase(Usage, "unknown key 'model.layerz': did you mean 'model.layers'?", "train", "--set", "model.layerz=2")]
    [TestCase(Usage, "unknown key 'layers': did you mean 'model.layers'?", "train", "--set", "layers=2")]
    [TestCase(Usage, "write it as --set section.key=value", "train", "--set", "model.layers")]
    [TestCase(Usage, "model.dropout is 1; it must be at least 0 and below 1", "train", "--set", "model.dropout=1")]
    [TestCase(Usage, "data.generator.items is 5; it must be at least 20", "train", "--set", "data.generator.items=5")]
    [TestCase(Usage, "data.time_unit is \"ms\"; it must be absent unless", "train", "--time-unit", "ms")]
    [TestCase(Usage, "data.columns is", "train", "--columns", "user=who")]
    [TestCase(Usage, "--columns usr=who: there is no role 'usr': did you mean 'user'? (the roles are user, item, time, rating, behaviour, title)", "train",
        "--data", "nope.csv", "--columns", "usr=who")]
    [TestCase(Usage, "there is no role 'titel': did you mean 'title'?", "data", "inspect", "nope.csv", "--columns", "user=who,titel=what, in words")]
    [TestCase(Usage, "--columns who: write it as ROLE=NAME", "train", "--data", "nope.csv", "--columns", "who")]
    [TestCase(Usage, "--format xml: take table, csv or json", "recommend", "--run", "r", "--all-users", "--format", "xml")]
    [TestCase(Usage, "--format xml: take table, csv or json", "evaluate", "--run", "r", "--format", "xml")]
    [TestCase(Usage, "--format xml: take table, csv or json", "runs", "list", "--format", "xml")]
    [TestCase(Usage, "--format xml: take table, csv or json", "data", "list", "--format", "xml")]
    [TestCase(Usage, "--set training.epochs=3: recommend takes inference.preselection and evaluation.batch_size; the rest is settled by the run", "recommend",
        "--run", "r", "--all-users", "--set", "training.epochs=3")]
    [TestCase(Data, "/dev/null: this is a file; a run is a folder", "recommend", "--run", "/dev/null", "--all-users")]
    [TestCase(Usage, "--data ml-2m: there is no such data set or file: did you mean 'ml-1m'?", "train", "--data", "ml-2m")]
    [TestCase(Usage, "this is a configuration; choose it by --config ml-1m/hstu-large", "train", "--data", "ml-1m/hstu-large")]
    [TestCase(Usage, "--data .: this is a folder", "train", "--data", ".")]
    [TestCase(Usage, "nope.json: there is no such file", "train", "--config", "nope.json")]
    [TestCase(Usage, "there is no configuration 'ml-1m/hstv': did you mean 'ml-1m/hstu'?", "train", "--config", "ml-1m/hstv")]
    [TestCase(Data, "there is no file 'nope.csv'", "train", "--data", "nope.csv")]
    [TestCase(Data, "there is no file 'folder/nope'", "train", "--data", "folder/nope")]
    [TestCase(Data, "set it with --data-dir DIR or the environment variable LARGEREC_DATA", "train", "--data", "ml-1m")]
    [TestCase(Data, "looked for u.data[.gz] and u.item[.gz]", "train", "--data", "ml-100k", "--data-dir", ".")]
    [TestCase(Data, "/dev/null/run", "train", "--run", "/dev/null/run", "--epochs", "1", "--set", "data.generator.users=50")]
    [TestCase(Usage, "evaluate needs --run DIR, or --config NAME with --checkpoint FILE", "evaluate")]
    [TestCase(Usage, "--checkpoint best: there is no such file", "evaluate", "--checkpoint", "best")]
    [TestCase(Usage, "needs --config NAME, --data or --run", "evaluate", "--checkpoint", "/dev/null")]
    [TestCase(Usage, "--run and --config do not go together", "evaluate", "--run", "r", "--config", "ml-1m/hstu")]
    [TestCase(Data, "r: there is no run here: the folder is missing", "evaluate", "--run", "r")]
    public void Is_one_line_with_the_documented_exit_code(int exitCode, string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        CliProcess.Run(folder.FolderPath, arguments).AssertFailure(exitCode, message);
        Assert.That(folder.Entries, Is.Empty);
    }

    [Test]
    public void A_file_that_is_not_there_is_one_line_that_names_its_neighbour()
    {
        using var folder = new TemporaryFolder();
        folder.Write("orders.csv", "user,item\na,b\n");
        var result = CliProcess.Run(folder.FolderPath, "train", "--data", "oders.csv");
        result.AssertFailure(Data, "there is no file 'oders.csv'");
        Assert.That(result.Error, Does.EndWith("): did you mean 'orders.csv'?\n"));
        Assert.That(result.ErrorLines, Has.None.StartsWith("configuration"), "settings are shown once the data can be used");
    }

    [Test]
    public void Verbose_adds_the_stack_trace()
    {
        using var folder = new TemporaryFolder();
        var result = CliProcess.Run(folder.FolderPath, "train", "--data", "nope.csv", "--verbose");
        Assert.That(result.Error, Does.Contain("   at LargeRec."));
    }

    [Test]
    public void A_device_without_a_driver_is_one_line_that_says_what_to_do()
    {
        if (File.Exists("/dev/nvidiactl"))
        {
            Assert.Ignore("this machine has NVIDIA's driver");
        }

        using var folder = new TemporaryFolder();
        CliProcess.Run(folder.FolderPath, "train", "--device", "cuda:0").AssertFailure(Usage,
            "--device cuda:0: CUDA: no driver found (looked for libcuda.so.1, libcuda.so, nvcuda.dll); install NVIDIA's driver, or take --device cpu");
        Assert.That(folder.Entries, Is.Empty);
    }

    [TestCase("--help")]
    [TestCase("train", "--help")]
    [TestCase("evaluate", "-h")]
    [TestCase("recommend", "--help")]
    [TestCase("data", "--help")]
    [TestCase("runs", "--help")]
    [TestCase("config", "--help")]
    [TestCase("runs", "compare", "--help")]
    [TestCase("config", "show", "--help")]
    [TestCase("train", "--help", "--bogus")]
    public void Help_fits_80_columns(params string[] arguments)
    {
        var result = CliProcess.Run(Path.GetTempPath(), arguments);
        result.AssertSuccess();
        Assert.That(result.Output, Does.Contain("Usage:\n  largerec").And.Not.Contain("LargeRec.Cli"));
        Assert.That(result.OutputLines.Max(line => line.Length), Is.LessThanOrEqualTo(80));
        Assert.That(result.Output.Contains("Examples:\n  largerec ", StringComparison.Ordinal), Is.EqualTo(arguments.Length > 1));
        Assert.That(result.Error, Is.Empty);
    }

    [Test]
    public void Without_arguments_it_helps()
    {
        var result = CliProcess.Run(Path.GetTempPath());
        result.AssertSuccess();
        Assert.That(result.Output, Is.EqualTo(CliProcess.Run(Path.GetTempPath(), "--help").Output));
    }

    [Test]
    public void The_version_is_a_number()
    {
        var result = CliProcess.Run(Path.GetTempPath(), "--version");
        result.AssertSuccess();
        Assert.That(result.Output, Does.Match(@"^\d+\.\d+\.\d+"));
    }
}
