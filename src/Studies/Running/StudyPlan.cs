using LargeRec.Studies.Definition;

namespace LargeRec.Studies.Running;

/// <summary>What a study is about to do.</summary>
/// <param name="Folder">Where it is kept.</param>
/// <param name="Cells">Every cell with what is known of it; the estimate is null where it is finished or was not asked for.</param>
/// <param name="Parallel">Cells at once.</param>
/// <param name="ThreadsACell">Threads of each; 0 for a device that is not the CPU.</param>
/// <param name="Remaining">The time that it will take.</param>
/// <param name="PeakBytes">Memory that the largest cells at once will take.</param>
public sealed record StudyPlan(
    string Folder, IReadOnlyList<(StudyCell Cell, CellState State, CellEstimate? Estimate)> Cells, int Parallel, int ThreadsACell, TimeSpan Remaining,
        long PeakBytes);
