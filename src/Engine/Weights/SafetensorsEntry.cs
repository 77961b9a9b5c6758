using System.Collections.Immutable;

namespace LargeRec.Engine.Weights;

/// <summary>One tensor of a file, as its checked header describes it.</summary>
/// <param name="Name">Its unique name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its lengths, row-major; empty for a scalar.</param>
/// <param name="ElementCount">The product of the shape.</param>
/// <param name="ByteOffset">Where its bytes start, from the start of the data that follows the header.</param>
public sealed record SafetensorsEntry(string Name, SafetensorsType Type, ImmutableArray<long> Shape, long ElementCount, long ByteOffset)
{
    /// <summary>Bytes it takes.</summary>
    public long ByteCount => ElementCount * Type.Size();

    /// <summary>The shape as errors print it, e.g. [211, 50].</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}
