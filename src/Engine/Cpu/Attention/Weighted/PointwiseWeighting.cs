using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Engine.Cpu.Attention.Weighted;

/// <summary>A = f(S)·factor: SiLU with 1/N, or the biases as they are.</summary>
internal readonly unsafe struct PointwiseWeighting<TFunction> : ITileWeighting
    where TFunction : struct, IPointwiseFunction
{
    public static bool IsSoftmax => false;

    public static void Forward<TVector>(in WeightedTile tile, float* scores)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var (scale, factor) = (TVector.Broadcast(tile.Scale), TVector.Broadcast(tile.Factor));
        var position = tile.Position;
        for (var row = 0; row < tile.Rows; row++, scores += AttentionTile.Size, position--)
        {
            tile.Draw<TVector>(row);
            var columns = tile.Columns(row);
            for (var column = 0; column < columns; column += TVector.Width)
            {
                var score = (TVector.Load(scores + column) + TVector.Load(position + column)) * scale;
                var weight = tile.Drop(TFunction.Forward(score) * factor, column);
                TVector.Store(TVector.And(weight, TVector.Mask(Math.Min(TVector.Width, columns - column))), scores + column);
            }

            tile.Clear<TVector>(scores, row);
        }
    }

    public static void Backward<TVector>(in WeightedTile tile, float* scores, float* gradients)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var (scale, factor, slope) = (TVector.Broadcast(tile.Scale), TVector.Broadcast(tile.Factor), TVector.Broadcast(tile.Scale * tile.Factor));
        var position = tile.Position;
        for (var row = 0; row < tile.Rows; row++, scores += AttentionTile.Size, gradients += AttentionTile.Size, position--)
        {
            tile.Draw<TVector>(row);
            var columns = tile.Columns(row);
            for (var column = 0; column < columns; column += TVector.Width)
            {
                var mask = TVector.Mask(Math.Min(TVector.Width, columns - column));
                var score = (TVector.Load(scores + column) + TVector.Load(position + column)) * scale;
                var gradient = tile.Drop(TVector.Load(gradients + column), column) * (TFunction.Derivative(score) * slope);
                TVector.Store(TVector.And(tile.Drop(TFunction.Forward(score) * factor, column), mask), scores + column);
                TVector.Store(TVector.And(gradient, mask), gradients + column);
            }

            tile.Clear<TVector>(scores, row);
            tile.Clear<TVector>(gradients, row);
        }
    }
}
