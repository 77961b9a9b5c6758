namespace LargeRec.Data.Preparation;

/// <summary>
/// One sequence to learn from or to be judged by: a history and the event that follows it, as positions in the columns of
/// <see cref="InteractionSequences"/>.
/// </summary>
/// <param name="User">User index.</param>
/// <param name="Start">Position of the first (oldest) event of the history.</param>
/// <param name="Length">Events in the history, at least 1.</param>
public readonly record struct Example(int User, int Start, int Length)
{
    /// <summary>Position of the event to be predicted, the one right after the history.</summary>
    public int Target => Start + Length;
}
