using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Attention.Weighted;

/// <summary>What happens to a tile of scores between the products. Implemented by structs without fields, so that a loop is compiled for each.</summary>
internal unsafe interface ITileWeighting
{
    /// <summary>Whether a row's weights depend on all of its scores.</summary>
    static abstract bool IsSoftmax { get; }

    /// <summary>scores → weights through dropout, 0 above the diagonal; those of a softmax still to be divided by their row's sum.</summary>
    static abstract void Forward<TVector>(in WeightedTile tile, float* scores)
        where TVector : unmanaged, IFloatVector<TVector>;

    /// <summary>scores → weights through dropout; gradients of the weights → gradients of the scores before their factor; both 0 above the diagonal.</summary>
    static abstract void Backward<TVector>(in WeightedTile tile, float* scores, float* gradients)
        where TVector : unmanaged, IFloatVector<TVector>;
}
