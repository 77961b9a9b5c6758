using LargeRec.Data.Preparation;

namespace LargeRec.Retrieval.Baselines;

/// <summary>The events of each user that a split leaves for training.</summary>
public sealed class TrainingEvents(InteractionSequences sequences, DataSplit split)
{
    /// <summary>The items, oldest first.</summary>
    public ReadOnlySpan<int> Of(int user) => sequences.Items[sequences.Offsets[user]..split.TrainingEnds[user]];
}
