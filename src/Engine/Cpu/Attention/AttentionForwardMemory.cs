namespace LargeRec.Engine.Cpu.Attention;

/// <summary>A worker's memory for a unit of forward.</summary>
internal readonly unsafe struct AttentionForwardMemory
{
    private readonly float* _keys;
    private readonly float* _values;
    private readonly float* _outputs;
    private readonly nint _keysAHead;
    private readonly nint _valuesAHead;
    private readonly nint _outputsAHead;

    /// <param name="start">Where it begins; null to learn its size.</param>
    /// <param name="a">The widths.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="rows">Rows of its sequence.</param>
    public AttentionForwardMemory(float* start, in AttentionArguments a, in AttentionUnit unit, int rows)
    {
        var tiles = (AttentionTile.Count(rows) - unit.FirstTile + unit.TileStep - 1) / unit.TileStep;
        _keysAHead = AttentionTile.Size * a.KeyWidth;
        _valuesAHead = AttentionTile.Size * a.PaddedValueWidth;
        _outputsAHead = (nint)tiles * AttentionTile.Size * a.PaddedValueWidth;
        var cursor = new ScratchCursor(start);
        Cursors = (int*)cursor.Take(rows);
        Bias = cursor.Take(AttentionTile.Floats);
        Scores = cursor.Take(AttentionTile.Floats);
        _keys = cursor.Take(unit.Heads * _keysAHead);
        _values = cursor.Take(unit.Heads * _valuesAHead);
        _outputs = cursor.Take(unit.Heads * _outputsAHead);
        Floats = cursor.Floats;
    }

    public long Floats { get; }

    /// <summary>For each row of the sequence, its run of equal time buckets at the present column.</summary>
    public int* Cursors { get; }

    /// <summary>The time bias of a tile.</summary>
    public float* Bias { get; }

    /// <summary>The scores of a tile, then its weights.</summary>
    public float* Scores { get; }

    /// <summary>[dqk, 64], a tile's keys transposed.</summary>
    public float* Keys(int head) => _keys + (head * _keysAHead);

    /// <summary>[64, padded dv], a tile's values.</summary>
    public float* Values(int head) => _values + (head * _valuesAHead);

    /// <summary>[rows of the unit's tiles, padded dv].</summary>
    public float* Outputs(int head) => _outputs + (head * _outputsAHead);
}
