using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>
/// One token of the sampled softmax: its loss, the gradient of its query and what the gradients of its items are made of. The negatives go by in
/// blocks with a running maximum: a block's rows are read for the dot products and read again from the first-level cache for the query's gradient.
/// </summary>
internal static unsafe class SampledSoftmaxToken
{
    public const float CollisionLogit = -5e4f;

    /// <summary>Checks a token's ids.</summary>
    /// <param name="ids">The token's negatives where their number is a multiple of 16, else a copy padded to one with the label.</param>
    /// <param name="collides">Whether a negative is the label.</param>
    /// <returns>The first position whose id is outside the table: −1 the label's, r a negative's; R where there is none.</returns>
    public static int FetchIds(in SampledSoftmaxInputs inputs, int token, in SampledSoftmaxScratch scratch, out int* ids, out bool collides)
    {
        var label = inputs.Labels[token];
        var count = inputs.NegativesPerToken;
        ids = inputs.Negatives + ((long)token * count);
        collides = false;
        if ((uint)label >= (uint)inputs.ItemCount)
        {
            return -1;
        }

        if (count % 16 != 0)
        {
            new Span<int>(ids, count).CopyTo(new Span<int>(scratch.Ids, count));
            new Span<int>(scratch.Ids + count, 16 - (count % 16)).Fill(label);
            ids = scratch.Ids;
        }

        var largest = Vector256<uint>.Zero;
        var equal = Vector256<int>.Zero;
        var labels = Vector256.Create(label);
        for (nint r = 0; r < count; r += 8)
        {
            var lanes = Vector256.Load(ids + r);
            largest = Vector256.Max(largest, lanes.AsUInt32());
            equal |= Vector256.Equals(lanes, labels);
        }

        // In the last register the padding looks like collisions: a slower path is then taken for nothing, where R is no multiple of 8.
        collides = equal != Vector256<int>.Zero;
        return Vector256.LessThanAll(largest, Vector256.Create((uint)inputs.ItemCount)) ? count : FirstOutside(ids, count, inputs.ItemCount);
    }

    /// <summary>The loss of a token, unweighted, its ids fetched and its label not 0.</summary>
    /// <param name="negatives">Its negatives, padded to a multiple of 16.</param>
    /// <param name="coefficients">[R+1]: what the scaled query q/τ is multiplied with in the gradient of each negative and, last, of the label's item; null
    /// without gradients.</param>
    /// <param name="queryGradient">[D], written; null without gradients.</param>
    public static double Run<TVector>(
        in SampledSoftmaxInputs inputs, int token, int* negatives, bool collides, in SampledSoftmaxScratch scratch, float* coefficients, float* queryGradient)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        if (!inputs.IsPlainSoftmax)
        {
            return TokenLogits.Run<TVector>(inputs, token, negatives, collides, scratch, coefficients, queryGradient);
        }

        ScaleQuery<TVector>(inputs, token, scratch.Query);
        var positive = inputs.Items + (inputs.Labels[token] * inputs.ItemStride);
        var positiveLogit = RowDots.One<TVector>(scratch.Query, positive, inputs.ItemColumns);
        var maximum = positiveLogit;
        var negativeSum = 0.0;
        var padded = (inputs.ItemColumns + TVector.Width - 1) / TVector.Width * TVector.Width;
        if (coefficients is not null)
        {
            new Span<float>(scratch.QueryGradient, padded).Clear();
        }

        var count = inputs.NegativesPerToken;
        for (var start = 0; start < count; start += SampledSoftmaxScratch.BlockNegatives)
        {
            var length = Math.Min(SampledSoftmaxScratch.BlockNegatives, count - start);
            var rounded = (length + 15) / 16 * 16;
            var ids = negatives + start;
            var block = scratch.Probabilities + start;
            RowDots.Compute<TVector>(scratch.Query, inputs.Items, inputs.ItemStride, inputs.ItemColumns, ids, rounded, block);
            new Span<float>(block + length, rounded - length).Fill(float.NegativeInfinity);
            if (collides)
            {
                OverwriteCollisions(ids, length, inputs.Labels[token], block, CollisionLogit);
            }

            var blockMaximum = Maximum<TVector>(block, rounded);
            if (blockMaximum > maximum)
            {
                var factor = Elementary.Exp(new Float1(maximum - blockMaximum)).Value;
                negativeSum *= factor;
                maximum = blockMaximum;
                if (coefficients is not null)
                {
                    Scale<TVector>(scratch.QueryGradient, padded, factor);
                }
            }

            negativeSum += Exponentials<TVector>(block, rounded, maximum);
            if (coefficients is not null)
            {
                if (collides)
                {
                    OverwriteCollisions(ids, length, inputs.Labels[token], block, 0);
                }

                scratch.BlockMaxima[start / SampledSoftmaxScratch.BlockNegatives] = maximum;
                WeightedRows.Gather<TVector>(inputs.Items, inputs.ItemStride, inputs.ItemColumns, ids, block, (length + 7) / 8 * 8, scratch.QueryGradient);
            }
        }

        var sum = Elementary.Exp(new Float1(positiveLogit - maximum)).Value + negativeSum;
        if (coefficients is not null)
        {
            var perSum = inputs.Weight / sum;
            var positiveCoefficient = (float)(-perSum * negativeSum);
            for (var start = 0; start < count; start += SampledSoftmaxScratch.BlockNegatives)
            {
                var length = Math.Min(SampledSoftmaxScratch.BlockNegatives, count - start);
                var shift = scratch.BlockMaxima[start / SampledSoftmaxScratch.BlockNegatives] - maximum;
                var factor = (float)(Elementary.Exp(new Float1(shift)).Value * perSum);
                ScaleTo<TVector>(scratch.Probabilities + start, length, factor, coefficients + start);
            }

            coefficients[count] = positiveCoefficient;
            WriteQueryGradient<TVector>(
                scratch.QueryGradient, (float)(perSum * inputs.InverseTemperature), positive, positiveCoefficient * inputs.InverseTemperature, inputs.Columns,
                queryGradient);
        }

        return NaturalLogarithm.Of(sum) + ((double)maximum - positiveLogit);
    }

    /// <summary>q/τ, zeros behind it up to a whole register.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ScaleQuery<TVector>(in SampledSoftmaxInputs inputs, int token, float* scaled)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var query = inputs.Queries + (token * inputs.QueryStride);
        var factor = TVector.Broadcast(inputs.InverseTemperature);
        nint tail = inputs.Columns % TVector.Width;
        var whole = inputs.Columns - tail;
        for (nint d = 0; d < whole; d += TVector.Width)
        {
            TVector.Store(TVector.Load(query + d) * factor, scaled + d);
        }

        if (tail > 0)
        {
            TVector.Store(TVector.LoadMasked(query + whole, TVector.Mask((int)tail)) * factor, scaled + whole);
        }
    }

    private static int FirstOutside(int* ids, int count, int itemCount)
    {
        for (var r = 0; r < count; r++)
        {
            if ((uint)ids[r] >= (uint)itemCount)
            {
                return r;
            }
        }

        return count;
    }

    public static void OverwriteCollisions(int* ids, int count, int label, float* values, float value)
    {
        for (var r = 0; r < count; r++)
        {
            if (ids[r] == label)
            {
                values[r] = value;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float Maximum<TVector>(float* values, int count)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var largest = TVector.Load(values);
        for (nint r = TVector.Width; r < count; r += TVector.Width)
        {
            largest = TVector.Max(largest, TVector.Load(values + r));
        }

        return TVector.MaxLane(largest);
    }

    /// <summary>values = exp(values − maximum); their sum.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float Exponentials<TVector>(float* values, int count, float maximum)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var shift = TVector.Broadcast(maximum);
        var sum = TVector.Zero;
        for (nint r = 0; r < count; r += TVector.Width)
        {
            var value = Elementary.Exp(TVector.Load(values + r) - shift);
            sum += value;
            TVector.Store(value, values + r);
        }

        return TVector.Sum(sum);
    }

    private static void Scale<TVector>(float* values, int count, float factor)
        where TVector : unmanaged, IFloatVector<TVector> => ScaleTo<TVector>(values, count, factor, values);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ScaleTo<TVector>(float* values, int count, float factor, float* destination)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var scale = TVector.Broadcast(factor);
        nint tail = count % TVector.Width;
        var whole = count - tail;
        for (nint r = 0; r < whole; r += TVector.Width)
        {
            TVector.Store(TVector.Load(values + r) * scale, destination + r);
        }

        if (tail > 0)
        {
            var mask = TVector.Mask((int)tail);
            TVector.StoreMasked(TVector.LoadMasked(values + whole, mask) * scale, destination + whole, mask);
        }
    }

    /// <summary>destination = sum·sumFactor + row·rowFactor.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void WriteQueryGradient<TVector>(float* sum, float sumFactor, float* row, float rowFactor, int columns, float* destination)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var ofSum = TVector.Broadcast(sumFactor);
        var ofRow = TVector.Broadcast(rowFactor);
        nint tail = columns % TVector.Width;
        var whole = columns - tail;
        for (nint d = 0; d < whole; d += TVector.Width)
        {
            TVector.Store(TVector.MultiplyAdd(ofSum, TVector.Load(sum + d), ofRow * TVector.Load(row + d)), destination + d);
        }

        if (tail > 0)
        {
            var mask = TVector.Mask((int)tail);
            var value = TVector.MultiplyAdd(ofSum, TVector.Load(sum + whole), ofRow * TVector.LoadMasked(row + whole, mask));
            TVector.StoreMasked(value, destination + whole, mask);
        }
    }
}
