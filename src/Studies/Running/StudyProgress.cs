namespace LargeRec.Studies.Running;

/// <summary>How far a study is.</summary>
/// <param name="Done">Cells finished or failed, in this process or before.</param>
/// <param name="Cells">Cells in all.</param>
/// <param name="AtWork">Cells being trained.</param>
/// <param name="Remaining">The time left, by the estimate and by what the cells so far took beside theirs; null where neither says anything yet.</param>
public sealed record StudyProgress(int Done, int Cells, int AtWork, TimeSpan? Remaining);
