using LargeRec.Models.Layers;

namespace LargeRec.Models.Backbones;

/// <summary>A whole model: its embedding, its blocks, its last norm. The named ones are made by <see cref="NamedBackbones"/>.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="ItemRows">V, row 0 being padding.</param>
/// <param name="MaxLength">L.</param>
/// <param name="Width">D.</param>
/// <param name="ItemTable">[V, D].</param>
/// <param name="Blocks">From the input on.</param>
public sealed record ModelPlan(string Name, int ItemRows, int MaxLength, int Width, ParameterSetting ItemTable, IReadOnlyList<BlockOptions> Blocks)
{
    /// <summary>[L + 11, D], added to the input; none for none.</summary>
    public ParameterSetting? Positions { get; init; }

    /// <summary>Whether the table's last row is the latest event's, whatever the length, instead of its first the oldest's.</summary>
    public bool PositionsFromLatest { get; init; }

    /// <summary>Of the input.</summary>
    public float Dropout { get; init; }

    /// <summary>Behind the last block; none for none.</summary>
    public NormOptions? FinalNorm { get; init; }
}
