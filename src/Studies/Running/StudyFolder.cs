using LargeRec.Data.Storage;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Runs;
using LargeRec.Studies.Definition;

namespace LargeRec.Studies.Running;

/// <summary>A study's folder: study.json, a run folder a cell below cells/, results.csv, results.parquet, fits.json and report.html.</summary>
public sealed class StudyFolder
{
    private const string DefinitionName = "study.json";
    private const string LockName = "study.lock";
    private const string CellsName = "cells";

    private StudyFolder(string path) => FolderPath = path;

    /// <summary>As it was given.</summary>
    public string FolderPath { get; }

    public string DefinitionPath => Path.Combine(FolderPath, DefinitionName);

    public string CsvPath => Path.Combine(FolderPath, "results.csv");

    public string ParquetPath => Path.Combine(FolderPath, "results.parquet");

    public string FitsPath => Path.Combine(FolderPath, "fits.json");

    public string ReportPath => Path.Combine(FolderPath, "report.html");

    public string CellsPath => Path.Combine(FolderPath, CellsName);

    /// <summary>Whether a study was begun at a path.</summary>
    public static bool IsStudy(string path) => File.Exists(Path.Combine(path, DefinitionName));

    /// <summary>A folder that holds a study, or that may become one.</summary>
    /// <exception cref="RunFolderException">It is a file, or a folder that holds something else.</exception>
    public static StudyFolder At(string path)
    {
        if (File.Exists(path))
        {
            throw new RunFolderException($"{path}: this is a file; a study needs a folder of its own");
        }

        if (!IsStudy(path) && Directory.Exists(path)
            && Directory.EnumerateFileSystemEntries(path).Any(entry => Path.GetFileName(entry) is not (LockName or $".{DefinitionName}.tmp")))
        {
            throw new RunFolderException($"{path}: the folder holds something other than a study ({DefinitionName} is missing); choose another");
        }

        return new StudyFolder(path);
    }

    /// <summary>The folder of a study that was begun.</summary>
    /// <exception cref="RunFolderException">There is none.</exception>
    public static StudyFolder Open(string path) => IsStudy(path)
        ? new StudyFolder(path)
        : throw new RunFolderException(File.Exists(path) ? $"{path}: this is a file; a study is a folder"
            : $"{path}: there is no study here: {DefinitionName} is missing");

    /// <summary>The first of studies/KIND-1, -2, ... below a folder that is free.</summary>
    public static StudyFolder Next(string root, StudyKind kind)
    {
        for (var number = 1; ; number++)
        {
            var path = Path.Combine(root, FormattableString.Invariant($"{kind.ToString().ToLowerInvariant()}-{number}"));
            if (!Path.Exists(path))
            {
                return new StudyFolder(path);
            }
        }
    }

    /// <summary>Takes the folder for this process alone, until disposed of.</summary>
    /// <exception cref="RunFolderException">Another study is running in it.</exception>
    public FileLock Take()
    {
        Directory.CreateDirectory(FolderPath);
        return FileLock.TryAcquire(Path.Combine(FolderPath, LockName))
            ?? throw new RunFolderException($"{FolderPath}: this study is running already; let it end or stop it first");
    }

    /// <summary>Reads study.json.</summary>
    /// <exception cref="ConfigurationException">It cannot be used.</exception>
    public StudyDefinition ReadDefinition(IReadOnlyList<string>? overrides = null) => StudyReader.ReadFile(DefinitionPath, overrides: overrides);

    /// <summary>Writes study.json, from which the study can go on wherever its configuration came from.</summary>
    public void WriteDefinition(StudyDefinition study)
    {
        Directory.CreateDirectory(CellsPath);
        AtomicFile.WriteText(DefinitionPath, StudyWriter.ToJson(study));
    }

    /// <summary>A cell's run folder.</summary>
    public string PathOf(StudyCell cell) => Path.Combine(CellsPath, cell.Name);

    /// <summary>What became of a cell so far.</summary>
    /// <exception cref="RunFolderException">Its folder holds another configuration's run.</exception>
    public CellState StateOf(StudyCell cell)
    {
        var path = PathOf(cell);
        var folder = Directory.Exists(path) && File.Exists(Path.Combine(path, "config.json")) ? RunFolder.Open(path) : null;
        if (folder is not null)
        {
            RequireSame(folder, cell);
        }

        return File.Exists(FailurePath(cell)) ? CellState.Failed : folder is null ? CellState.Waiting : folder.IsFinished ? CellState.Finished
            : CellState.Begun;
    }

    /// <summary>Why a cell failed; null where it did not.</summary>
    public string? FailureOf(StudyCell cell) => File.Exists(FailurePath(cell)) ? File.ReadAllText(FailurePath(cell)).TrimEnd('\n') : null;

    /// <summary>Writes why a cell failed, beside its folder.</summary>
    public void WriteFailure(StudyCell cell, string reason) => AtomicFile.WriteText(FailurePath(cell), reason + "\n");

    /// <summary>Forgets that a cell failed.</summary>
    public void ClearFailure(StudyCell cell) => File.Delete(FailurePath(cell));

    /// <summary>Names of run folders below cells/ that are none of these cells': of a study that was changed since.</summary>
    public IReadOnlyList<string> OthersThan(IReadOnlyList<StudyCell> cells)
    {
        var names = cells.Select(cell => cell.Name).ToHashSet(StringComparer.Ordinal);
        return Directory.Exists(CellsPath)
            ? [.. Directory.EnumerateDirectories(CellsPath).Select(path => Path.GetFileName(path)).Where(name =>
                !names.Contains(name)).Order(StringComparer.Ordinal)]
            : [];
    }

    private string FailurePath(StudyCell cell) => Path.Combine(CellsPath, $"{cell.Name}.failed");

    private static void RequireSame(RunFolder folder, StudyCell cell)
    {
        if (ConfigurationDifference.Between(folder.ReadConfiguration(), cell.Configuration) is [var difference, ..])
        {
            throw new RunFolderException(
                $"{folder.FolderPath}: {difference.Key} is {difference.Values[0] ?? "null"} in this cell's run and {difference.Values[1] ?? "null"} in the "
                    + $"study; choose another folder, or give the study back its {difference.Key}");
        }
    }
}
