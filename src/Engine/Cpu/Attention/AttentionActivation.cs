using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>What happens to a tile of scores between the products: the position bias, SiLU, the normaliser and the causal mask in one pass.</summary>
internal static unsafe class AttentionActivation
{
    private const float Lowest = -88.7f; // where e^-x is about to leave float32; SiLU is 0 to 2.7e-37 there

    /// <summary>scores → SiLU(scores + position)·inverse, and 0 above the diagonal.</summary>
    /// <param name="position">The position bias of row 0, column 0; a row down is one value back.</param>
    public static void Forward<TVector>(float* scores, float* position, int rows, float inverse, bool diagonal)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var scale = TVector.Broadcast(inverse);
        for (var row = 0; row < rows; row++)
        {
            var whole = diagonal ? row / TVector.Width * TVector.Width : AttentionTile.Size;
            var column = 0;
            for (; column < whole; column += TVector.Width)
            {
                TVector.Store(Weight(TVector.Load(scores + column) + TVector.Load(position + column), scale), scores + column);
            }

            if (diagonal)
            {
                var weight = Weight(TVector.Load(scores + column) + TVector.Load(position + column), scale);
                TVector.Store(TVector.And(weight, TVector.Mask(row + 1 - column)), scores + column);
                Clear<TVector>(scores, column + TVector.Width, AttentionTile.DiagonalColumns(row));
            }

            scores += AttentionTile.Size;
            position--;
        }
    }

    /// <summary>
    /// With x = scores + position and σ = σ(x): gradients → gradients·inverse·σ(1 + x(1 − σ)), scores → x·σ·inverse, both 0 above the diagonal.
    /// </summary>
    /// <param name="scores">The scores; the weights afterwards.</param>
    /// <param name="gradients">The gradients of the weights; those of the scores afterwards.</param>
    public static void Backward<TVector>(float* scores, float* gradients, float* position, int rows, float inverse, bool diagonal)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var scale = TVector.Broadcast(inverse);
        for (var row = 0; row < rows; row++)
        {
            var whole = diagonal ? row / TVector.Width * TVector.Width : AttentionTile.Size;
            var column = 0;
            for (; column < whole; column += TVector.Width)
            {
                var (weight, derivative) = WeightAndDerivative(TVector.Load(scores + column) + TVector.Load(position + column), scale);
                TVector.Store(weight, scores + column);
                TVector.Store(TVector.Load(gradients + column) * derivative, gradients + column);
            }

            if (diagonal)
            {
                var mask = TVector.Mask(row + 1 - column);
                var (weight, derivative) = WeightAndDerivative(TVector.Load(scores + column) + TVector.Load(position + column), scale);
                TVector.Store(TVector.And(weight, mask), scores + column);
                TVector.Store(TVector.And(TVector.Load(gradients + column) * derivative, mask), gradients + column);
                Clear<TVector>(scores, column + TVector.Width, AttentionTile.DiagonalColumns(row));
                Clear<TVector>(gradients, column + TVector.Width, AttentionTile.DiagonalColumns(row));
            }

            scores += AttentionTile.Size;
            gradients += AttentionTile.Size;
            position--;
        }
    }

    /// <summary>Adds up the scores' gradients of several heads.</summary>
    public static void Sum<TVector>(float* gradients, int rows, bool diagonal, float* sums, bool add)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (var row = 0; row < rows; row++)
        {
            var columns = diagonal ? row + 1 : AttentionTile.Size;
            for (var column = 0; column < columns; column += TVector.Width)
            {
                var value = TVector.Load(gradients + column);
                TVector.Store(add ? TVector.Load(sums + column) + value : value, sums + column);
            }

            gradients += AttentionTile.Size;
            sums += AttentionTile.Size;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Weight<TVector>(TVector x, TVector scale)
        where TVector : unmanaged, IFloatVector<TVector> => Elementary.Silu(x) * scale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector Weight, TVector Derivative) WeightAndDerivative<TVector>(TVector x, TVector scale)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        x = TVector.Max(TVector.Broadcast(Lowest), x);
        var sigmoid = Elementary.Sigmoid(x);
        var silu = x * sigmoid;
        return (silu * scale, TVector.MultiplyAdd(silu, TVector.Broadcast(1f) - sigmoid, sigmoid) * scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear<TVector>(float* row, int from, int to)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (; from < to; from += TVector.Width)
        {
            TVector.Store(TVector.Zero, row + from);
        }
    }
}
