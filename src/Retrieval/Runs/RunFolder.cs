using System.Text;
using LargeRec.Data.Events;
using LargeRec.Data.Preparation;
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

    /// <summary>events.out.tfevents.*: <see cref="TensorBoard.EventLog"/>, one file.</summary>
    public TensorBoard.EventLog Events => new(FolderPath);

    /// <summary>items.tsv: an <see cref="ItemsFile"/>.</summary>
    public string ItemsPath => Path.Combine(FolderPath, "items.tsv");

    /// <summary>histories.prepared: a <see cref="PreparedFile"/> of every user's items and times, with ids and titles.</summary>
    public string HistoriesPath => Path.Combine(FolderPath, "histories.prepared");

    /// <summary>summary.json: a <see cref="RunSummary"/>, there once the run is finished.</summary>
    public string SummaryPath => Path.Combine(FolderPath, "summary.json");

    /// <summary>report.html: the run for people, made from the rest.</summary>
    public string ReportPath => Path.Combine(FolderPath, "report.html");

    /// <summary>profile.json: where the time of some steps went, where that was asked for.</summary>
    public string ProfilePath => Path.Combine(FolderPath, "profile.json");

    /// <summary>checkpoints/.</summary>
    public CheckpointStore Checkpoints => new(Path.Combine(FolderPath, "checkpoints"));

    /// <summary>Whether the run went to its end.</summary>
    public bool IsFinished => File.Exists(SummaryPath);

    /// <summary>Makes the folder of a new run at a path of the user's choice.</summary>
    /// <exception cref="RunFolderException">It is there and not empty, or another training is about to use it.</exception>
    public static RunFolder Create(string path)
    {
        var run = Create(path, out var held);
        held.Dispose();
        return run;
    }

    /// <summary>Makes the folder of a new run and takes it: of several that try, one gets it.</summary>
    /// <param name="held">Keep it for as long as the run is written.</param>
    /// <exception cref="RunFolderException">It is there and not empty, or another training has it.</exception>
    public static RunFolder Create(string path, out RunLock held)
    {
        RequireFree(path);
        Directory.CreateDirectory(path);
        var run = new RunFolder(path);
        held = RunLock.Take(run);
        try
        {
            // Once more: another may have had the lock, and gone, in between.
            RequireFree(path);
            return run;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Checks that a path may become a run's folder, and makes nothing.</summary>
    /// <exception cref="RunFolderException">It is a file, or a folder that is not empty.</exception>
    public static void RequireFree(string path)
    {
        if (File.Exists(path))
        {
            throw new RunFolderException($"{path}: this is a file; a run needs a folder of its own");
        }

        if (Directory.Exists(path) && !IsUnused(path))
        {
            var goOn = File.Exists(Path.Combine(path, ConfigurationName)) ? $", or go on with the run in it: --resume {path}" : "";
            throw new RunFolderException($"{path}: the folder is not empty; choose another{goOn}");
        }
    }

    /// <summary>Makes the folder <c>root/data-backbone-n</c> with the smallest n from 1 up that is free.</summary>
    public static RunFolder CreateNext(string root, string data, string backbone)
    {
        var run = CreateNext(root, data, backbone, out var held);
        held.Dispose();
        return run;
    }

    /// <summary>The same, and takes it: trainings that start at once get different folders.</summary>
    /// <param name="held">Keep it for as long as the run is written.</param>
    public static RunFolder CreateNext(string root, string data, string backbone, out RunLock held)
    {
        var stem = Path.Combine(root, $"{Plain(data)}-{Plain(backbone)}-");
        for (var number = 1; ; number++)
        {
            var path = $"{stem}{number}";
            if (Path.Exists(path))
            {
                continue;
            }

            try
            {
                return Create(path, out held);
            }
            catch (RunFolderException)
            {
                // Another training was a moment faster.
            }
        }
    }

    /// <summary>Opens the folder of a run that was begun.</summary>
    /// <exception cref="RunFolderException">There is none.</exception>
    public static RunFolder Open(string path)
    {
        var run = new RunFolder(path);
        if (!File.Exists(run.ConfigurationPath))
        {
            throw new RunFolderException(File.Exists(path)
                ? $"{path}: this is a file; a run is a folder"
                : $"{path}: there is no run here: {(Directory.Exists(path) ? ConfigurationName : "the folder")} is missing");
        }

        return run;
    }

    /// <summary>Removes what a killed training left half written; to be called by whoever holds the lock.</summary>
    public void RemoveUnfinished()
    {
        foreach (var file in Directory.EnumerateFiles(FolderPath, ".*.tmp"))
        {
            File.Delete(file);
        }
    }

    /// <summary>Reads config.json.</summary>
    /// <exception cref="ConfigurationException">It cannot be used.</exception>
    public RunConfiguration ReadConfiguration(IEnumerable<string>? overrides = null) =>
        ConfigurationReader.ReadFile(ConfigurationPath, overrides);

    /// <summary>Writes config.json.</summary>
    public void WriteConfiguration(RunConfiguration configuration) =>
        AtomicFile.WriteText(ConfigurationPath, ConfigurationWriter.ToJson(configuration));

    /// <summary>Writes the users' histories, so that recommending needs nothing but this folder.</summary>
    public void WriteHistories(InteractionSequences sequences) => PreparedFile.Write(HistoriesPath, sequences, PreparedContents.Histories);

    /// <summary>Opens the users' histories; dispose of the result.</summary>
    /// <exception cref="RunFolderException">There are none.</exception>
    /// <exception cref="DataFormatException">They are damaged.</exception>
    public PreparedFile OpenHistories() => File.Exists(HistoriesPath)
        ? PreparedFile.Open(HistoriesPath)
        : throw new RunFolderException(
            $"{HistoriesPath}: the file is missing: a run made by a version that did not keep users' histories cannot recommend; train it again (largerec "
            + $"train --config {ConfigurationPath})");

    /// <summary>Empty, or left by a training that was ended before it had written anything.</summary>
    private static bool IsUnused(string path) =>
        Directory.EnumerateFileSystemEntries(path).All(entry => Path.GetFileName(entry) is RunLock.FileName or $".{ConfigurationName}.tmp");

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
