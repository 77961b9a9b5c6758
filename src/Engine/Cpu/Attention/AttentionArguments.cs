namespace LargeRec.Engine.Cpu.Attention;

/// <summary>
/// What forward and backward read, as addresses. Strides are floats from a row to the next; d = dqk is the width of a head's queries and keys, dv that
/// of its values.
/// </summary>
internal unsafe struct AttentionArguments
{
    public float* Queries;
    public nint QueryStride;
    public float* Keys;
    public nint KeyStride;
    public float* Values;
    public nint ValueStride;

    /// <summary>dqk.</summary>
    public int KeyWidth;

    /// <summary>dv.</summary>
    public int ValueWidth;

    /// <summary>1/N.</summary>
    public float InverseNormalizer;

    /// <summary>[B+1].</summary>
    public int* Offsets;

    /// <summary>Rows of the longest sequence.</summary>
    public int Longest;

    /// <summary>A table of <see cref="Attention.PositionBias"/>.</summary>
    public float* PositionBias;

    /// <summary>A value a bucket, or null.</summary>
    public float* TimeBias;

    /// <summary>The runs of equal buckets, where there is a time bias.</summary>
    public uint* Runs;

    /// <summary>[T], where each row's runs begin.</summary>
    public int* RunStarts;

    /// <summary>[T], the time of the event after each, where there is a time bias by a function; else null.</summary>
    public int* NextSeconds;

    /// <summary>[T], the time of each event, likewise.</summary>
    public int* EventSeconds;

    /// <summary>a of a time bias by a function.</summary>
    public float TimeFactor;

    /// <summary>b.</summary>
    public float TimeExponent;

    public readonly int PaddedKeyWidth => AttentionTile.Pad(KeyWidth);

    public readonly int PaddedValueWidth => AttentionTile.Pad(ValueWidth);

    /// <summary>Rows of a unit's sequence.</summary>
    public readonly int Rows(in AttentionUnit unit) => Offsets[unit.Sequence + 1] - Offsets[unit.Sequence];

    /// <summary>Keys and values of a tile will be read soon.</summary>
    public readonly void PrefetchKeys(in AttentionUnit unit, int tile, ref RowPrefetch prefetch)
    {
        var first = tile * AttentionTile.Size;
        nint token = Offsets[unit.Sequence] + first;
        var count = Math.Min(AttentionTile.Size, Rows(unit) - first);
        prefetch.Add(Keys + (token * KeyStride) + (unit.FirstHead * KeyWidth), KeyStride, count, unit.Heads * KeyWidth);
        prefetch.Add(Values + (token * ValueStride) + (unit.FirstHead * ValueWidth), ValueStride, count, unit.Heads * ValueWidth);
    }

    /// <summary>Queries of a tile will be read soon.</summary>
    public readonly void PrefetchQueries(in AttentionUnit unit, int tile, ref RowPrefetch prefetch)
    {
        var first = tile * AttentionTile.Size;
        nint token = Offsets[unit.Sequence] + first;
        var count = Math.Min(AttentionTile.Size, Rows(unit) - first);
        prefetch.Add(Queries + (token * QueryStride) + (unit.FirstHead * KeyWidth), QueryStride, count, unit.Heads * KeyWidth);
    }
}
