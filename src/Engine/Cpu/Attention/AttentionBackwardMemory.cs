namespace LargeRec.Engine.Cpu.Attention;

/// <summary>A worker's memory for a unit of backward.</summary>
internal readonly unsafe struct AttentionBackwardMemory
{
    private readonly float* _keys;
    private readonly float* _keyRows;
    private readonly float* _values;
    private readonly float* _keyGradients;
    private readonly float* _valueGradients;
    private readonly nint _keysAHead;
    private readonly nint _keyRowsAHead;
    private readonly nint _valuesAHead;

    /// <param name="start">Where it begins; null to learn its size.</param>
    /// <param name="a">The widths.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="rows">Rows of its sequence.</param>
    public AttentionBackwardMemory(float* start, in AttentionArguments a, in AttentionUnit unit, int rows)
    {
        var tileRows = AttentionTile.Count(rows) * AttentionTile.Size;
        _keysAHead = AttentionTile.Size * a.KeyWidth;
        _keyRowsAHead = AttentionTile.Size * a.PaddedKeyWidth;
        _valuesAHead = AttentionTile.Size * a.ValueWidth;
        QueriesAHead = (nint)tileRows * a.PaddedKeyWidth;
        var cursor = new ScratchCursor(start);
        TimeSums = cursor.Take(TimeBias.SumFloats); // first: it lasts over the units of a chunk
        PositionWork = cursor.Take(PositionBias.WorkFloats);
        Cursors = (int*)cursor.Take(rows);
        Bias = cursor.Take(AttentionTile.Floats);
        Scores = cursor.Take(AttentionTile.Floats);
        Gradients = cursor.Take(AttentionTile.Floats);
        GradientSums = cursor.Take(unit.Heads > 1 ? AttentionTile.Floats : 0);
        _keys = cursor.Take(unit.Heads * _keysAHead);
        _keyRows = cursor.Take(unit.Heads * _keyRowsAHead);
        _values = cursor.Take(unit.Heads * _valuesAHead);
        _keyGradients = cursor.Take(unit.Heads * _keysAHead);
        _valueGradients = cursor.Take(unit.Heads * _valuesAHead);
        QueryGradients = cursor.Take(unit.Split < 0 ? unit.Heads * QueriesAHead : 0);
        Floats = cursor.Floats;
    }

    public long Floats { get; }

    /// <summary>A vector a bucket: the time bias's gradient over all units of a chunk.</summary>
    public float* TimeSums { get; }

    public float* PositionWork { get; }

    /// <summary>For each row of the sequence, its run of equal time buckets at the present column.</summary>
    public int* Cursors { get; }

    /// <summary>The time bias of a tile.</summary>
    public float* Bias { get; }

    /// <summary>The scores of a tile, then its weights.</summary>
    public float* Scores { get; }

    /// <summary>The gradients of a tile's weights, then of its scores.</summary>
    public float* Gradients { get; }

    /// <summary>The gradients of a tile's scores, summed over the heads.</summary>
    public float* GradientSums { get; }

    /// <summary>[heads, padded rows, padded dqk], of a unit that has all tiles.</summary>
    public float* QueryGradients { get; }

    /// <summary>From a head's gradients of queries to the next one's.</summary>
    public nint QueriesAHead { get; }

    /// <summary>[dqk, 64], a tile's keys transposed.</summary>
    public float* Keys(int head) => _keys + (head * _keysAHead);

    /// <summary>[64, padded dqk], a tile's keys.</summary>
    public float* KeyRows(int head) => _keyRows + (head * _keyRowsAHead);

    /// <summary>[dv, 64], a tile's values transposed.</summary>
    public float* Values(int head) => _values + (head * _valuesAHead);

    /// <summary>[dqk, 64], the gradients of a tile's keys transposed.</summary>
    public float* KeyGradients(int head) => _keyGradients + (head * _keysAHead);

    /// <summary>[dv, 64], the gradients of a tile's values transposed.</summary>
    public float* ValueGradients(int head) => _valueGradients + (head * _valuesAHead);
}
