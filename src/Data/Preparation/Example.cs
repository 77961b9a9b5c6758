namespace LargeRec.Data.Preparation;

/// <summary>
/// One sequence to learn from or to be judged by: a history and an event that follows it, as positions in the columns of
/// <see cref="InteractionSequences"/>.
/// </summary>
/// <param name="User">User index.</param>
/// <param name="Start">Position of the first (oldest) event of the history.</param>
/// <param name="Length">Events in the history, at least 1.</param>
/// <param name="Target">Position of the event to be predicted, after the history: right after it, or later where several events are held out together.</param>
public readonly record struct Example(int User, int Start, int Length, int Target)
{
    /// <summary>A history and the event right after it.</summary>
    public Example(int user, int start, int length)
        : this(user, start, length, start + length)
    {
    }
}
