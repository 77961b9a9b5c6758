using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Cpu.Attention.Weighted;

/// <summary>
/// A softmax over tiles that come one after the other (Milakov and Gimelshein, 2018; Dao et al., 2022): weights relative to the largest score so far, and what
/// was summed before is scaled when it grows.
/// </summary>
internal readonly unsafe struct SoftmaxWeighting : ITileWeighting
{
    /// <summary>What a score that is not seen lies below all others.</summary>
    private const float Unseen = 1e38f;

    public static bool IsSoftmax => true;

    public static void Forward<TVector>(in WeightedTile tile, float* scores)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var scale = TVector.Broadcast(tile.Scale);
        var position = tile.Position;
        for (var row = 0; row < tile.Rows; row++, scores += AttentionTile.Size, position--)
        {
            tile.Draw<TVector>(row);
            var columns = tile.Columns(row);
            var whole = columns / TVector.Width * TVector.Width;
            var best = TVector.Broadcast(-Unseen);
            for (var column = 0; column < whole; column += TVector.Width)
            {
                var score = (TVector.Load(scores + column) + TVector.Load(position + column)) * scale;
                TVector.Store(score, scores + column);
                best = TVector.Max(best, score);
            }

            var mask = TVector.Mask(columns - whole);
            if (whole < columns)
            {
                var score = TVector.And((TVector.Load(scores + whole) + TVector.Load(position + whole)) * scale, mask);
                TVector.Store(score, scores + whole);

                // 0 where the mask is, else far below everything.
                best = TVector.Max(best, score + TVector.MultiplyAdd(TVector.And(TVector.Broadcast(1f), mask), TVector.Broadcast(Unseen),
                    TVector.Broadcast(-Unseen)));
            }

            Rescale<TVector>(tile, row, TVector.MaxLane(best));
            var largest = TVector.Broadcast(tile.Largest[row]);
            var sum = TVector.Zero;
            for (var column = 0; column < whole; column += TVector.Width)
            {
                var weight = Elementary.Exp(TVector.Load(scores + column) - largest);
                sum += weight;
                TVector.Store(tile.Drop(weight, column), scores + column);
            }

            if (whole < columns)
            {
                var weight = TVector.And(Elementary.Exp(TVector.Load(scores + whole) - largest), mask);
                sum += weight;
                TVector.Store(tile.Drop(weight, whole), scores + whole);
            }

            tile.Sums[row] += TVector.Sum(sum);
            tile.Clear<TVector>(scores, row);
        }
    }

    public static void Backward<TVector>(in WeightedTile tile, float* scores, float* gradients)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var scale = TVector.Broadcast(tile.Scale);
        var position = tile.Position;
        for (var row = 0; row < tile.Rows; row++, scores += AttentionTile.Size, gradients += AttentionTile.Size, position--)
        {
            tile.Draw<TVector>(row);
            var (logSum, delta) = (TVector.Broadcast(tile.LogSums[row]), TVector.Broadcast(tile.Deltas[row]));
            var columns = tile.Columns(row);
            for (var column = 0; column < columns; column += TVector.Width)
            {
                var score = (TVector.Load(scores + column) + TVector.Load(position + column)) * scale;
                var weight = TVector.And(Elementary.Exp(score - logSum), TVector.Mask(Math.Min(TVector.Width, columns - column)));
                var gradient = tile.Drop(TVector.Load(gradients + column), column) - delta;
                TVector.Store(tile.Drop(weight, column), scores + column);

                // Behind the row's own columns the weight is 0, but what stands there may be no number.
                TVector.Store(TVector.And(weight * gradient * scale, TVector.Mask(Math.Min(TVector.Width, columns - column))), gradients + column);
            }

            tile.Clear<TVector>(scores, row);
            tile.Clear<TVector>(gradients, row);
        }
    }

    /// <summary>Takes a row's sums to a new largest score, if that of a tile is one.</summary>
    private static void Rescale<TVector>(in WeightedTile tile, int row, float largest)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        if (tile.Outputs == null)
        {
            (tile.Largest[row], tile.Sums[row]) = (largest, 0);
            return;
        }

        if (largest <= tile.Largest[row])
        {
            return;
        }

        var factor = Elementary.Exp(TVector.Broadcast(tile.Largest[row] - largest));
        var outputs = tile.Outputs + (row * (nint)tile.OutputWidth);
        for (var column = 0; column < tile.OutputWidth; column += TVector.Width)
        {
            TVector.Store(TVector.Load(outputs + column) * factor, outputs + column);
        }

        tile.Sums[row] *= TVector.MaxLane(factor);
        tile.Largest[row] = largest;
    }
}
