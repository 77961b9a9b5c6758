using LargeRec.Data.Preparation;

namespace LargeRec.Retrieval.Baselines;

/// <summary>The events of each user that a split leaves for training: all but the last one (published) or two (validated).</summary>
public sealed class TrainingEvents(InteractionSequences sequences, SplitKind split)
{
    private readonly int _heldOut = split == SplitKind.Published ? 1 : 2;

    /// <summary>The items, oldest first.</summary>
    public ReadOnlySpan<int> Of(int user)
    {
        var first = sequences.Offsets[user];
        var end = Math.Max(first, sequences.Offsets[user + 1] - _heldOut);
        return sequences.Items[first..end];
    }
}
