using LargeRec.Engine.Cpu.Random;

namespace LargeRec.Engine.Cpu.Attention.Weighted;

/// <summary>A worker's memory for a unit of backward.</summary>
internal readonly unsafe struct WeightedBackwardMemory
{
    private readonly float* _keys;
    private readonly float* _keyRows;
    private readonly float* _values;
    private readonly float* _keyGradients;
    private readonly float* _valueGradients;
    private readonly float* _queryGradients;
    private readonly float* _logSums;
    private readonly float* _deltas;
    private readonly nint _keysAHead;
    private readonly nint _keyRowsAHead;
    private readonly nint _valuesAHead;
    private readonly nint _queriesAHead;
    private readonly nint _rowsAHead;

    /// <param name="start">Where it begins; null to learn its size.</param>
    /// <param name="arguments">The widths.</param>
    /// <param name="unit">The unit.</param>
    public WeightedBackwardMemory(float* start, in WeightedArguments arguments, in AttentionUnit unit)
    {
        var a = arguments.Operands;
        var rows = a.Rows(unit);
        var heads = arguments.QueryHeads(unit);
        _rowsAHead = AttentionTile.Count(rows) * AttentionTile.Size;
        _keysAHead = AttentionTile.Size * a.KeyWidth;
        _keyRowsAHead = AttentionTile.Size * a.PaddedKeyWidth;
        _valuesAHead = AttentionTile.Size * a.ValueWidth;
        _queriesAHead = _rowsAHead * a.PaddedKeyWidth;
        var cursor = new ScratchCursor(start);
        TimeSums = cursor.Take(WeightedBackwardJob.TimeSumFloats); // first: it lasts over the units of a chunk
        PositionWork = cursor.Take(PositionBias.WorkFloats);
        Cursors = (int*)cursor.Take(rows);
        Words = (uint*)cursor.Take(PhiloxVector.GroupWords + AttentionTile.Piece);
        Bias = cursor.Take(AttentionTile.Floats);
        Differences = (int*)cursor.Take(AttentionTile.Size);
        Scores = cursor.Take(AttentionTile.Floats);
        Gradients = cursor.Take(AttentionTile.Floats);
        GradientSums = cursor.Take(heads > 1 ? AttentionTile.Floats : 0);
        _keys = cursor.Take(unit.Heads * _keysAHead);
        _keyRows = cursor.Take(unit.Heads * _keyRowsAHead);
        _values = cursor.Take(unit.Heads * _valuesAHead);
        _keyGradients = cursor.Take(unit.Heads * _keysAHead);
        _valueGradients = cursor.Take(unit.Heads * _valuesAHead);
        _queryGradients = cursor.Take(heads * _queriesAHead);
        _logSums = cursor.Take(heads * _rowsAHead);
        _deltas = cursor.Take(heads * _rowsAHead);
        Floats = cursor.Floats;
    }

    public long Floats { get; }

    /// <summary>A vector a bucket, or two of a function: the time bias's gradient over all units of a chunk.</summary>
    public float* TimeSums { get; }

    public float* PositionWork { get; }

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

    /// <summary>The gradients of a tile's weights, then of its scores.</summary>
    public float* Gradients { get; }

    /// <summary>The gradients of a tile's scores, summed over the heads.</summary>
    public float* GradientSums { get; }

    /// <summary>[dqk, 64], a tile's keys transposed.</summary>
    public float* Keys(int keyHead) => _keys + (keyHead * _keysAHead);

    /// <summary>[64, padded dqk], a tile's keys.</summary>
    public float* KeyRows(int keyHead) => _keyRows + (keyHead * _keyRowsAHead);

    /// <summary>[dv, 64], a tile's values transposed.</summary>
    public float* Values(int keyHead) => _values + (keyHead * _valuesAHead);

    /// <summary>[dqk, 64], the gradients of a tile's keys transposed.</summary>
    public float* KeyGradients(int keyHead) => _keyGradients + (keyHead * _keysAHead);

    /// <summary>[dv, 64], the gradients of a tile's values transposed.</summary>
    public float* ValueGradients(int keyHead) => _valueGradients + (keyHead * _valuesAHead);

    /// <summary>[padded rows, padded dqk].</summary>
    public float* QueryGradients(int head) => _queryGradients + (head * _queriesAHead);

    /// <summary>ln Σ exp(S) of each row.</summary>
    public float* LogSums(int head) => _logSums + (head * _rowsAHead);

    /// <summary>⟨do, o⟩ of each row.</summary>
    public float* Deltas(int head) => _deltas + (head * _rowsAHead);
}
