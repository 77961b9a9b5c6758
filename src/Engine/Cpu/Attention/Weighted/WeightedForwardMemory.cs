using LargeRec.Engine.Cpu.Random;

namespace LargeRec.Engine.Cpu.Attention.Weighted;

/// <summary>A worker's memory for a unit of forward.</summary>
internal readonly unsafe struct WeightedForwardMemory
{
    private readonly float* _keys;
    private readonly float* _values;
    private readonly float* _outputs;
    private readonly float* _largest;
    private readonly float* _sums;
    private readonly nint _keysAHead;
    private readonly nint _valuesAHead;
    private readonly nint _outputsAHead;
    private readonly nint _rowsAHead;

    /// <param name="start">Where it begins; null to learn its size.</param>
    /// <param name="arguments">The widths.</param>
    /// <param name="unit">The unit.</param>
    public WeightedForwardMemory(float* start, in WeightedArguments arguments, in AttentionUnit unit)
    {
        var a = arguments.Operands;
        var rows = a.Rows(unit);
        var heads = arguments.QueryHeads(unit);
        _rowsAHead = AttentionTile.Count(rows) * AttentionTile.Size;
        _keysAHead = AttentionTile.Size * a.KeyWidth;
        _valuesAHead = AttentionTile.Size * a.PaddedValueWidth;
        _outputsAHead = _rowsAHead * a.PaddedValueWidth;
        var cursor = new ScratchCursor(start);
        Cursors = (int*)cursor.Take(rows);
        Words = (uint*)cursor.Take(PhiloxVector.GroupWords + AttentionTile.Piece);
        Bias = cursor.Take(AttentionTile.Floats);
        Differences = (int*)cursor.Take(AttentionTile.Size);
        Scores = cursor.Take(AttentionTile.Floats);
        _keys = cursor.Take(unit.Heads * _keysAHead);
        _values = cursor.Take(unit.Heads * _valuesAHead);
        _outputs = cursor.Take(heads * _outputsAHead);
        _largest = cursor.Take(heads * _rowsAHead);
        _sums = cursor.Take(heads * _rowsAHead);
        Floats = cursor.Floats;
    }

    public long Floats { get; }

    /// <summary>For each row of the sequence, its run of equal time buckets at the present column.</summary>
    public int* Cursors { get; }

    /// <summary>Random words of a row of a tile.</summary>
    public uint* Words { get; }

    /// <summary>Times between a row and the columns of a tile.</summary>
    public int* Differences { get; }

    /// <summary>The time bias of a tile.</summary>
    public float* Bias { get; }

    /// <summary>The scores of a tile, then its weights.</summary>
    public float* Scores { get; }

    /// <summary>[dqk, 64], a tile's keys transposed.</summary>
    public float* Keys(int keyHead) => _keys + (keyHead * _keysAHead);

    /// <summary>[64, padded dv], a tile's values.</summary>
    public float* Values(int keyHead) => _values + (keyHead * _valuesAHead);

    /// <summary>[rows of the tiles, padded dv].</summary>
    public float* Outputs(int head) => _outputs + (head * _outputsAHead);

    /// <summary>The largest score of each row.</summary>
    public float* Largest(int head) => _largest + (head * _rowsAHead);

    /// <summary>The sum of each row.</summary>
    public float* Sums(int head) => _sums + (head * _rowsAHead);
}
