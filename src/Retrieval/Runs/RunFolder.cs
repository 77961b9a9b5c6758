using System.Text;
using LargeRec.Data.Storage;
using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Retrieval.Runs;

/// <summary>Everything of one run, by name. What training writes, <c>evaluate</c> and <c>recommend</c> read.</summary>
public sealed class RunFolder
{
    private const string ConfigurationName = "config.json";

    private RunFolder(string path) => FolderPath = path;

    /// <summary>The folder, as it was given.</summary>
    public string FolderPath { get; }

    /// <summary>config.json: the resolved configuration.</summary>
    public string ConfigurationPath => Path.Combine(FolderPath, ConfigurationName);

    /// <summary>environment.json: a <see cref="RunEnvironment"/>.</summary>
    public string EnvironmentPath => Path.Combine(FolderPath, "environment.json");

    /// <summary>metrics.jsonl: a <see cref="MetricsLog"/> without any clock in it.</summary>
    public string MetricsPath => Path.Combine(FolderPath, "metrics.jsonl");

    /// <summary>timing.jsonl: a <see cref="MetricsLog"/> of seconds and tokens_per_second.</summary>
    public string TimingPath => Path.Combine(FolderPath, "timing.jsonl");

    /// <summary>items.tsv: an <see cref="ItemsFile"/>.</summary>
    public string ItemsPath => Path.Combine(FolderPath, "items.tsv");

    /// <summary>summary.json: a <see cref="RunSummary"/>, there once the run is finished.</summary>
    public string SummaryPath => Path.Combine(FolderPath, "summary.json");

    /// <summary>report.html: the run for people, made from the rest.</summary>
    public string ReportPath => Path.Combine(FolderPath, "report.html");

    /// <summary>checkpoints/.</summary>
    public CheckpointStore Checkpoints => new(Path.Combine(FolderPath, "checkpoints"));

    /// <summary>Makes the folder of a new run at a path of the user's choice.</summary>
    /// <exception cref="RunFolderException">It is there and not empty.</exception>
    public static RunFolder Create(string path)
    {
        RequireFree(path);
        Directory.CreateDirectory(path);
        return new RunFolder(path);
    }

    /// <summary>Checks that a path may become a run's folder, and makes nothing.</summary>
    /// <exception cref="RunFolderException">It is a file, or a folder that is not empty.</exception>
    public static void RequireFree(string path)
    {
        if (File.Exists(path))
        {
            throw new RunFolderException($"{path}: this is a file; a run needs a folder of its own");
        }

        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new RunFolderException($"{path}: the folder is not empty; choose another");
        }
    }

    /// <summary>Makes the folder <c>root/data-backbone-n</c> with the smallest n from 1 up that is free.</summary>
    public static RunFolder CreateNext(string root, string data, string backbone)
    {
        var stem = Path.Combine(root, $"{Plain(data)}-{Plain(backbone)}-");
        var number = 1;
        while (Path.Exists($"{stem}{number}"))
        {
            number++;
        }

        return Create($"{stem}{number}");
    }

    /// <summary>Opens the folder of a run that was begun.</summary>
    /// <exception cref="RunFolderException">There is none.</exception>
    public static RunFolder Open(string path)
    {
        var run = new RunFolder(path);
        if (!File.Exists(run.ConfigurationPath))
        {
            var missing = Directory.Exists(path) ? ConfigurationName : "the folder";
            throw new RunFolderException($"{path}: there is no run here: {missing} is missing");
        }

        return run;
    }

    /// <summary>Reads config.json.</summary>
    /// <exception cref="ConfigurationException">It cannot be used.</exception>
    public RunConfiguration ReadConfiguration(IEnumerable<string>? overrides = null) =>
        ConfigurationReader.ReadFile(ConfigurationPath, overrides);

    /// <summary>Writes config.json.</summary>
    public void WriteConfiguration(RunConfiguration configuration) =>
        AtomicFile.WriteText(ConfigurationPath, ConfigurationWriter.ToJson(configuration));

    // Names come from files of users: keep what every file system and shell takes as it is.
    private static string Plain(string name)
    {
        var plain = new StringBuilder();
        foreach (var c in name)
        {
            plain.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_');
        }

        return plain.ToString().TrimStart('.');
    }
}
