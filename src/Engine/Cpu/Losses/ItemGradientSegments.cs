using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>
/// The sampled softmax with its gradients for a large catalogue: the coefficients of all pairs (token, item) are kept, the pairs are sorted by item, stable
/// by token, and each item's gradient is summed from its tokens' queries in token order. 16 bytes a pair, whatever the catalogue's size.
/// </summary>
/// <remarks>The pairs are first dealt to a few hundred ranges of items, chunk by chunk of tokens, then each range is sorted by itself.</remarks>
internal static unsafe class ItemGradientSegments
{
    private const int MostRanges = 256;
    private const int SmallestRangeShift = 6;
    private const int MostChunks = 32;
    private const int FewestTokensPerChunk = 64;

    /// <summary>Returns the sum of the tokens' losses, unweighted.</summary>
    public static double Run(CpuDevice device, in SampledSoftmaxInputs inputs, Tensor queryGradient, Tensor itemGradient)
    {
        var pairs = (long)inputs.TokenCount * (inputs.NegativesPerToken + 1);
        using var coefficients = device.Scratch.Rent(pairs);
        var sum = SampledSoftmaxLoss.Run(device, inputs, CpuDevice.Pointer(queryGradient), queryGradient.RowStride, coefficients.Pointer);

        var shift = SmallestRangeShift;
        while ((inputs.ItemCount - 1) >> shift >= MostRanges)
        {
            shift++;
        }

        var ranges = ((inputs.ItemCount - 1) >> shift) + 1;
        var chunks = Math.Clamp(inputs.TokenCount / FewestTokensPerChunk, 1, MostChunks);
        using var counts = device.Scratch.Rent(2L * chunks * ranges);
        using var starts = device.Scratch.Rent(2L * (ranges + 1));
        using var dealt = device.Scratch.Rent(2 * pairs);
        using var sorted = device.Scratch.Rent(pairs);
        using var rangeCounts = device.Scratch.Rent(((1L << shift) + 1) * device.Threads);
        var dealing = new DealJob
        {
            Inputs = inputs,
            TokensPerChunk = (inputs.TokenCount + chunks - 1) / chunks,
            Shift = shift,
            Ranges = ranges,
            Places = (long*)counts.Pointer,
            Dealt = (ulong*)dealt.Pointer,
        };
        device.Workers.Run(chunks, ref dealing);
        var rangeStarts = (long*)starts.Pointer;
        PlaceChunks(dealing.Places, chunks, ranges, rangeStarts);
        dealing.Deals = true;
        device.Workers.Run(chunks, ref dealing);

        var summing = new SumJob
        {
            Inputs = inputs,
            Shift = shift,
            RangeStarts = rangeStarts,
            Dealt = dealing.Dealt,
            Sorted = (uint*)sorted.Pointer,
            Coefficients = coefficients.Pointer,
            RangeCounts = (int*)rangeCounts.Pointer,
            Gradient = CpuDevice.Pointer(itemGradient),
            GradientStride = itemGradient.RowStride,
        };
        device.Workers.Run(ranges, ref summing);
        return sum;
    }

    /// <summary>Turns counts by (chunk, range) into places: range by range, within a range chunk by chunk.</summary>
    private static void PlaceChunks(long* places, int chunks, int ranges, long* rangeStarts)
    {
        var place = 0L;
        for (var range = 0; range < ranges; range++)
        {
            rangeStarts[range] = place;
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                ref var entry = ref places[((long)chunk * ranges) + range];
                (entry, place) = (place, place + entry);
            }
        }

        rangeStarts[ranges] = place;
    }

    /// <summary>Counts a chunk's pairs by range of items or, the places known, deals them out. A dealt pair is (item, place of its coefficient).</summary>
    private struct DealJob : IChunkJob
    {
        public SampledSoftmaxInputs Inputs;
        public int TokensPerChunk;
        public int Shift;
        public int Ranges;
        public long* Places;
        public ulong* Dealt;
        public bool Deals;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var places = Places + ((long)chunk * Ranges);
            if (!Deals)
            {
                new Span<long>(places, Ranges).Clear();
            }

            var count = Inputs.NegativesPerToken;
            var start = (int)Math.Min(Inputs.TokenCount, (long)chunk * TokensPerChunk);
            var end = (int)Math.Min(Inputs.TokenCount, (long)start + TokensPerChunk);
            for (var token = start; token < end; token++)
            {
                var label = Inputs.Labels[token];
                if (label == 0)
                {
                    continue;
                }

                var negatives = Inputs.Negatives + ((long)token * count);
                if (!Deals)
                {
                    places[label >> Shift]++;
                    for (nint r = 0; r < count; r++)
                    {
                        places[negatives[r] >> Shift]++;
                    }

                    continue;
                }

                var pair = (ulong)token * (ulong)(count + 1);
                Dealt[places[label >> Shift]++] = ((ulong)label << 32) | (pair + (ulong)count);
                for (nint r = 0; r < count; r++)
                {
                    var item = negatives[r];
                    Dealt[places[item >> Shift]++] = ((ulong)item << 32) | (pair + (ulong)r);
                }
            }
        }
    }

    /// <summary>Sorts the pairs of one range by item and sums each item's gradient.</summary>
    private struct SumJob : IChunkJob
    {
        public SampledSoftmaxInputs Inputs;
        public int Shift;
        public long* RangeStarts;
        public ulong* Dealt;
        public uint* Sorted;
        public float* Coefficients;
        public int* RangeCounts;
        public float* Gradient;
        public nint GradientStride;

        public readonly void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var firstItem = chunk << Shift;
            var items = Math.Min(1 << Shift, Inputs.ItemCount - firstItem);
            var (start, end) = (RangeStarts[chunk], RangeStarts[chunk + 1]);
            var ends = RangeCounts + (worker * ((1L << Shift) + 1));
            new Span<int>(ends, items + 1).Clear();
            for (var i = start; i < end; i++)
            {
                ends[(int)(Dealt[i] >> 32) - firstItem + 1]++;
            }

            for (var item = 0; item < items; item++)
            {
                ends[item + 1] += ends[item];
            }

            // ends[item] is where the item's pairs start, and where they end once they are placed.
            var sorted = Sorted + start;
            for (var i = start; i < end; i++)
            {
                sorted[ends[(int)(Dealt[i] >> 32) - firstItem]++] = (uint)Dealt[i];
            }

            var from = 0;
            for (var item = 0; item < items; item++)
            {
                SumItem<TVector>(sorted + from, ends[item] - from, Gradient + ((firstItem + item) * GradientStride));
                from = ends[item];
            }
        }

        private readonly void SumItem<TVector>(uint* pairs, int count, float* gradient)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            if (count == 0)
            {
                new Span<float>(gradient, Inputs.Columns).Clear();
                return;
            }

            var column = 0;
            for (; column + (4 * TVector.Width) <= Inputs.Columns; column += 4 * TVector.Width)
            {
                SumFour<TVector>(pairs, count, column, gradient + column);
            }

            for (; column < Inputs.Columns; column += TVector.Width)
            {
                SumOne<TVector>(pairs, count, column, Math.Min(TVector.Width, Inputs.Columns - column), gradient + column);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly void SumFour<TVector>(uint* pairs, int count, int column, float* gradient)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var queries = Inputs.Queries + column;
            var coefficients = Coefficients;
            var (stride, perToken) = (Inputs.QueryStride, (uint)Inputs.NegativesPerToken + 1);
            TVector a = TVector.Zero, b = TVector.Zero, c = TVector.Zero, d = TVector.Zero;
            for (nint i = 0; i < count; i++)
            {
                var pair = pairs[i];
                var query = queries + ((nint)(pair / perToken) * stride);
                var coefficient = TVector.Broadcast(coefficients[pair]);
                a = TVector.MultiplyAdd(coefficient, TVector.Load(query), a);
                b = TVector.MultiplyAdd(coefficient, TVector.Load(query + TVector.Width), b);
                c = TVector.MultiplyAdd(coefficient, TVector.Load(query + (2 * TVector.Width)), c);
                d = TVector.MultiplyAdd(coefficient, TVector.Load(query + (3 * TVector.Width)), d);
            }

            var factor = TVector.Broadcast(Inputs.InverseTemperature);
            TVector.Store(a * factor, gradient);
            TVector.Store(b * factor, gradient + TVector.Width);
            TVector.Store(c * factor, gradient + (2 * TVector.Width));
            TVector.Store(d * factor, gradient + (3 * TVector.Width));
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly void SumOne<TVector>(uint* pairs, int count, int column, int columns, float* gradient)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var queries = Inputs.Queries + column;
            var coefficients = Coefficients;
            var (stride, perToken) = (Inputs.QueryStride, (uint)Inputs.NegativesPerToken + 1);
            var mask = TVector.Mask(columns);
            var sum = TVector.Zero;
            for (nint i = 0; i < count; i++)
            {
                var pair = pairs[i];
                var query = queries + ((nint)(pair / perToken) * stride);
                sum = TVector.MultiplyAdd(TVector.Broadcast(coefficients[pair]), TVector.LoadMasked(query, mask), sum);
            }

            TVector.StoreMasked(sum * TVector.Broadcast(Inputs.InverseTemperature), gradient, mask);
        }
    }
}
