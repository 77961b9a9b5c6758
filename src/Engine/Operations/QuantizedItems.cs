using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>
/// An int8 copy of the candidates' rows, a scale a row, made once for a table that stays as it is. It tells from a quarter of the bytes which candidates cannot
/// be among the best; the others are scored from the table itself, so that lists are bit for bit those without it. Made by
/// <see cref="RankingOperations.Quantize"/>; give its memory back by disposing of it.
/// </summary>
public sealed class QuantizedItems : IDisposable
{
    private readonly Device _device;

    internal QuantizedItems(Device device, Tensor items, IndexTensor candidates, IndexTensor codes, Tensor scales) =>
        (_device, Items, Candidates, Codes, Scales) = (device, items, candidates, codes, scales);

    /// <summary>[V, D], the table itself: whoever made it keeps it, unchanged.</summary>
    public Tensor Items { get; }

    /// <summary>The rows that are ranked, in increasing order; kept and unchanged likewise.</summary>
    public IndexTensor Candidates { get; }

    /// <summary>Four codes a value, in the order that the device's kernels read.</summary>
    internal IndexTensor Codes { get; }

    /// <summary>What a code stands for, a value a candidate.</summary>
    internal Tensor Scales { get; }

    /// <summary>max ‖e − ê‖/scale over all rows e and what their codes stand for, ê: an error that grows with the scale.</summary>
    internal double ErrorPerScale { get; init; }

    /// <summary>max ‖ê‖.</summary>
    internal double LargestCoded { get; init; }

    /// <summary>max ‖e‖.</summary>
    internal double LargestRow { get; init; }

    public void Dispose()
    {
        _device.Release(Codes);
        _device.Release(Scales);
    }
}
