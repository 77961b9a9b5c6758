using LargeRec.Studies.Definition;
using LargeRec.Studies.Fits;
using LargeRec.Studies.Reports;
using LargeRec.Studies.Results;

namespace LargeRec.Studies.Running;

/// <summary>What became of a study.</summary>
/// <param name="Study">What it was.</param>
/// <param name="Folder">Where everything is.</param>
/// <param name="Cells">Its cells.</param>
/// <param name="Failures">Cells that failed, with the reason.</param>
public sealed record StudyResult(
    StudyDefinition Study, StudyFolder Folder, IReadOnlyList<StudyCell> Cells, IReadOnlyList<(StudyCell Cell, string Reason)> Failures)
{
    /// <summary>Writes results.csv, results.parquet, fits.json and report.html.</summary>
    public (ResultTable Table, IReadOnlyList<StudyFit> Fits) WriteResults()
    {
        var table = ResultTable.Of(Study, Folder, Cells, withQuality: true);
        table.WriteCsv(Folder.CsvPath);
        table.WriteParquet(Folder.ParquetPath);
        var fits = StudyFits.Of(Study, table);
        StudyFits.Write(Folder.FitsPath, fits);
        StudyReport.Write(Study, Folder, table, fits);
        return (table, fits);
    }
}
