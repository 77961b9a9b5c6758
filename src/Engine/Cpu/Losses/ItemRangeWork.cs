using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Losses;

/// <summary>What the passes over ranges of items share.</summary>
internal unsafe struct ItemRangeWork
{
    public SampledSoftmaxInputs Inputs;

    /// <summary>D in whole registers: from row to row of everything here that is padded.</summary>
    public int Stride;

    public int Ranges;

    /// <summary>Of consecutive ranges; each adds up a gradient of the queries by itself.</summary>
    public int Groups;

    /// <summary>Where each range's pairs start; one more entry than ranges.</summary>
    public long* RangeStarts;

    /// <summary>The first item of each range; one more entry than ranges.</summary>
    public int* FirstRows;

    /// <summary>The pairs (item, place of the coefficient), range by range, by token within.</summary>
    public ulong* Dealt;

    /// <summary>[T, R+1]: logits, then what q/τ is multiplied with in an item's gradient.</summary>
    public float* Coefficients;

    /// <summary>[T, D], q/τ, padded.</summary>
    public float* Queries;

    /// <summary>[groups, T, D], padded.</summary>
    public float* Partials;

    public float* ItemGradient;

    public nint ItemGradientStride;

    /// <summary>For each worker the rows of a range, their gradients, the coefficients of their pairs.</summary>
    public float* Scratch;

    public long WorkerFloats;

    public long RangeFloats;

    public static long Floats(long rangeFloats, long mostPairs) => (2 * rangeFloats) + ((mostPairs + 15) / 16 * 16);

    /// <summary>Copies the rows of a range to where they stay in cache, padded with zeros.</summary>
    public readonly float* Load<TVector>(int range, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var rows = Scratch + (worker * WorkerFloats);
        var target = rows;
        nint tail = Inputs.ItemColumns % TVector.Width;
        var whole = Inputs.ItemColumns - tail;
        var mask = TVector.Mask((int)tail);
        for (nint row = FirstRows[range]; row < FirstRows[range + 1]; row++, target += Stride)
        {
            var source = Inputs.Items + (row * Inputs.ItemStride);
            for (nint d = 0; d < whole; d += TVector.Width)
            {
                TVector.Store(TVector.Load(source + d), target + d);
            }

            if (tail > 0)
            {
                TVector.Store(TVector.LoadMasked(source + whole, mask), target + whole);
            }
        }

        return rows;
    }
}
