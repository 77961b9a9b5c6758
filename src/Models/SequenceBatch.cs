using LargeRec.Autograd.Functions;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models;

/// <summary>Jagged sequences on a device.</summary>
/// <param name="Layout">Which rows are which sequence's, and their times.</param>
/// <param name="Items">[T], the item of each event.</param>
public sealed record SequenceBatch(JaggedLayout Layout, IndexTensor Items)
{
    /// <summary>The items' places among the rows collected for this pass, where the item table's gradient is kept by row.</summary>
    public UsedRows? UsedRows { get; init; }
}
