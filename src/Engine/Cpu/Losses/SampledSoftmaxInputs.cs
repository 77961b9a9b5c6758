namespace LargeRec.Engine.Cpu.Losses;

/// <summary>What the losses of drawn negatives read. T tokens, R negatives a token, D width, V items.</summary>
internal unsafe struct SampledSoftmaxInputs
{
    /// <summary>[T, D].</summary>
    public float* Queries;

    public nint QueryStride;

    /// <summary>[V, D]; a copy whose rows are padded with zeros to whole registers, or the caller's own table.</summary>
    public float* Items;

    public nint ItemStride;

    /// <summary>Columns of an item row that may be loaded: D, or D rounded up to whole registers in a padded copy.</summary>
    public int ItemColumns;

    public int* Labels;

    public int* Negatives;

    public int TokenCount;

    public int ItemCount;

    public int NegativesPerToken;

    public int Columns;

    public float InverseTemperature;

    /// <summary>What a token counts in the gradients.</summary>
    public float Weight;

    /// <summary>[V], added to logits; null for a softmax of logits as they are.</summary>
    public float* Offsets;

    /// <summary>Binary cross-entropy in place of a softmax.</summary>
    public bool IsBinary;

    /// <summary>β of a binary cross-entropy.</summary>
    public float PositivePower;

    /// <summary>A softmax of logits as they are, whose sum can run along with the dot products.</summary>
    public readonly bool IsPlainSoftmax => !IsBinary && Offsets == null;
}
