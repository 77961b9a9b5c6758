using LargeRec.Studies.Definition;
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
    /// <summary>Writes results.csv and results.parquet.</summary>
    public ResultTable WriteResults()
    {
        var table = ResultTable.Of(Study, Folder, Cells);
        table.WriteCsv(Folder.CsvPath);
        table.WriteParquet(Folder.ParquetPath);
        return table;
    }
}
