using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Workers;

/// <summary>
/// How a matrix is cut into chunks of whole rows: by its shape alone. Where rows mean nothing to the operation and follow each other without
/// a gap, the matrix counts as one long vector cut into pieces, so that no row's ragged end costs a masked register.
/// </summary>
internal readonly struct RowSplit
{
    /// <summary>Values of a chunk, about: 64 KiB, far more work than claiming it, and within a core's cache.</summary>
    public const int ChunkValues = 16384;

    /// <summary>Values between the row at work and the one fetched meanwhile: some 300 ns of work, and a small part of the first cache.</summary>
    private const int ValuesAhead = 768;

    private readonly int _rows;
    private readonly int _columns;
    private readonly int _lastColumns;
    private readonly int _rowsPerChunk;
    private readonly bool _isFlat;

    private RowSplit(int rows, int columns, int lastColumns, int rowsPerChunk, bool isFlat)
    {
        (_rows, _columns, _lastColumns, _rowsPerChunk, _isFlat) = (rows, columns, lastColumns, rowsPerChunk, isFlat);
        Chunks = (int)(((long)rows + rowsPerChunk - 1) / rowsPerChunk);
    }

    /// <summary>Number of chunks; 0 for a matrix without values.</summary>
    public int Chunks { get; }

    /// <summary>How many rows ahead memory should be asked for.</summary>
    public int RowsAhead => Math.Max(1, ValuesAhead / Math.Max(1, _columns));

    /// <summary>A block of the matrix's own rows a chunk.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Values a row.</param>
    /// <param name="chunkValues">Values a chunk, about.</param>
    public static RowSplit OfRows(int rows, int columns, int chunkValues = ChunkValues) =>
        new(columns == 0 ? 0 : rows, columns, columns, Math.Max(1, chunkValues / Math.Max(1, columns)), false);

    /// <summary>For value-by-value work: pieces of one long vector if all of the tensors, of one shape, are contiguous, else blocks of rows.</summary>
    public static RowSplit OfValues(params ReadOnlySpan<Tensor> tensors)
    {
        var shape = tensors[0].Shape;
        foreach (var tensor in tensors)
        {
            if (!tensor.IsContiguous)
            {
                return OfRows(shape.Rows, shape.Columns);
            }
        }

        var pieces = checked((int)((shape.Count + ChunkValues - 1) / ChunkValues));
        return new(pieces, ChunkValues, (int)(shape.Count - ((pieces - 1L) * ChunkValues)), 1, true);
    }

    /// <summary>From one row of the split to the next, in values of this tensor.</summary>
    public int StrideOf(Tensor tensor) => _isFlat ? ChunkValues : tensor.RowStride;

    /// <summary>The rows of a chunk: the first and the one after the last.</summary>
    public (int First, int End) RowsOf(int chunk)
    {
        var first = (long)chunk * _rowsPerChunk;
        return ((int)first, (int)Math.Min(first + _rowsPerChunk, _rows));
    }

    /// <summary>Values of a row: a long vector's last piece may be shorter.</summary>
    public int ColumnsOf(int row) => row == _rows - 1 ? _lastColumns : _columns;
}
