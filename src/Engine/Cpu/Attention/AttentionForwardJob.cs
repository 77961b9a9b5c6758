using LargeRec.Engine.Cpu.Products;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>
/// Forward, a unit a chunk. For each tile of keys and each of the unit's tiles of queries at or below it: scores, activation, and the outputs' sums,
/// which live in scratch until the last key.
/// </summary>
internal unsafe struct AttentionForwardJob : IChunkJob
{
    /// <summary>How far ahead of a unit the next one is looked for.</summary>
    private const int NextUnit = 1;

    public AttentionArguments Arguments;
    public AttentionPlan Plan;

    /// <summary>[T, H·dv].</summary>
    public float* Output;
    public nint OutputStride;

    /// <summary>A piece for each worker, of this many floats.</summary>
    public float* Scratch;
    public long ScratchFloats;

    /// <summary>Floats of scratch that a worker needs for any unit of the plan.</summary>
    public readonly long Measure()
    {
        long most = 0;
        foreach (var unit in Plan.Units)
        {
            var memory = new Memory(null, Arguments, unit, Rows(unit));
            most = Math.Max(most, memory.Floats);
        }

        return most;
    }

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        // The copy keeps the fields out of the memory that every thread shares.
        var a = Arguments;
        var unit = Plan.Units[chunk];
        var rows = Rows(unit);
        var firstToken = a.Offsets[unit.Sequence];
        var memory = new Memory(Scratch + (worker * ScratchFloats), a, unit, rows);
        if (a.TimeBias != null)
        {
            new ReadOnlySpan<int>(a.RunStarts + firstToken, rows).CopyTo(new Span<int>(memory.Cursors, rows));
        }

        var tiles = AttentionTile.Count(rows);
        var lastTile = tiles - 1 - ((tiles - 1 - unit.FirstTile) % unit.TileStep);
        for (var keyTile = 0; keyTile <= lastTile; keyTile++)
        {
            PackKeys<TVector>(a, unit, firstToken, keyTile, rows, memory);
            var slot = Math.Max(0, keyTile - unit.FirstTile + unit.TileStep - 1) / unit.TileStep;
            for (var queryTile = unit.FirstTile + (slot * unit.TileStep); queryTile <= lastTile; queryTile += unit.TileStep, slot++)
            {
                var prefetch = default(RowPrefetch);
                if (queryTile - keyTile < unit.TileStep && keyTile < lastTile)
                {
                    PrefetchKeys(a, unit, firstToken, keyTile + 1, rows, ref prefetch);
                }

                if (keyTile == 0 && queryTile < lastTile)
                {
                    PrefetchQueries(a, unit, firstToken, queryTile + unit.TileStep, rows, ref prefetch);
                }

                if (keyTile == lastTile && chunk + NextUnit < Plan.UnitCount)
                {
                    // Most likely the unit that this worker will get next.
                    var next = Plan.Units[chunk + NextUnit];
                    PrefetchKeys(a, next, a.Offsets[next.Sequence], 0, Rows(next), ref prefetch);
                    PrefetchQueries(a, next, a.Offsets[next.Sequence], next.FirstTile, Rows(next), ref prefetch);
                }

                Tile<TVector>(a, unit, firstToken, keyTile, queryTile, slot, rows, memory, ref prefetch);
            }
        }

        Write<TVector>(a, unit, firstToken, rows, memory);
    }

    private static void PrefetchKeys(in AttentionArguments a, in AttentionUnit unit, int firstToken, int tile, int rows, ref RowPrefetch prefetch)
    {
        nint token = firstToken + (tile * AttentionTile.Size);
        var count = Math.Min(AttentionTile.Size, rows - (tile * AttentionTile.Size));
        prefetch.Add(a.Keys + (token * a.KeyStride) + (unit.FirstHead * a.KeyWidth), a.KeyStride, count, unit.Heads * a.KeyWidth);
        prefetch.Add(a.Values + (token * a.ValueStride) + (unit.FirstHead * a.ValueWidth), a.ValueStride, count, unit.Heads * a.ValueWidth);
    }

    private static void PrefetchQueries(in AttentionArguments a, in AttentionUnit unit, int firstToken, int tile, int rows, ref RowPrefetch prefetch)
    {
        nint token = firstToken + (tile * AttentionTile.Size);
        var count = Math.Min(AttentionTile.Size, rows - (tile * AttentionTile.Size));
        prefetch.Add(a.Queries + (token * a.QueryStride) + (unit.FirstHead * a.KeyWidth), a.QueryStride, count, unit.Heads * a.KeyWidth);
    }

    /// <summary>The keys' transpose and the values of a tile, for all heads.</summary>
    private static void PackKeys<TVector>(in AttentionArguments a, in AttentionUnit unit, int firstToken, int keyTile, int rows, in Memory memory)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var first = keyTile * AttentionTile.Size;
        var count = Math.Min(AttentionTile.Size, rows - first);
        for (var head = 0; head < unit.Heads; head++)
        {
            var keys = a.Keys + ((firstToken + first) * a.KeyStride) + ((unit.FirstHead + head) * a.KeyWidth);
            Transposition.Run(keys, a.KeyStride, count, a.KeyWidth, memory.Keys(head), AttentionTile.Size, accumulate: false);
            var values = a.Values + ((firstToken + first) * a.ValueStride) + ((unit.FirstHead + head) * a.ValueWidth);
            ProductPacking.PackRight<TVector>(values, a.ValueStride, count, a.ValueWidth, a.PaddedValueWidth, memory.Values(head));
        }
    }

    private static void Tile<TVector>(
        in AttentionArguments a, in AttentionUnit unit, int firstToken, int keyTile, int queryTile, int slot, int rows, in Memory memory,
        ref RowPrefetch prefetch)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var firstRow = queryTile * AttentionTile.Size;
        var firstColumn = keyTile * AttentionTile.Size;
        var count = Math.Min(AttentionTile.Size, rows - firstRow);
        var diagonal = queryTile == keyTile;
        float* bias = null;
        if (a.TimeBias != null)
        {
            bias = memory.Bias;
            TimeBias.Fill<TVector>(a.Runs, memory.Cursors + firstRow, count, firstColumn, diagonal, a.TimeBias, bias);
        }

        var position = PositionBias.At(a.PositionBias, a.Longest, firstRow, firstColumn);
        for (var head = 0; head < unit.Heads; head++)
        {
            var queries = a.Queries + ((firstToken + firstRow) * a.QueryStride) + ((unit.FirstHead + head) * a.KeyWidth);
            AttentionProducts.Scores<TVector>(queries, a.QueryStride, count, a.KeyWidth, memory.Keys(head), bias, memory.Scores, diagonal, ref prefetch);
            AttentionActivation.Forward<TVector>(memory.Scores, position, count, a.InverseNormalizer, diagonal);
            var sums = memory.Outputs(head) + (slot * (nint)AttentionTile.Size * a.PaddedValueWidth);
            AttentionProducts.Combine<TVector>(
                memory.Scores, count, memory.Values(head), a.PaddedValueWidth, sums, keyTile > 0, diagonal, ref prefetch);
        }
    }

    private readonly void Write<TVector>(in AttentionArguments a, in AttentionUnit unit, int firstToken, int rows, in Memory memory)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (var head = 0; head < unit.Heads; head++)
        {
            var sums = memory.Outputs(head);
            for (var first = unit.FirstTile * AttentionTile.Size; first < rows; first += unit.TileStep * AttentionTile.Size)
            {
                var output = Output + ((firstToken + first) * OutputStride) + ((unit.FirstHead + head) * a.ValueWidth);
                AttentionWriting.Rows<TVector>(
                    sums, a.PaddedValueWidth, Math.Min(AttentionTile.Size, rows - first), a.ValueWidth, output, OutputStride, accumulate: false);
                sums += AttentionTile.Size * a.PaddedValueWidth;
            }
        }
    }

    private readonly int Rows(in AttentionUnit unit) => Arguments.Offsets[unit.Sequence + 1] - Arguments.Offsets[unit.Sequence];

    /// <summary>A worker's memory for a unit.</summary>
    private readonly struct Memory
    {
        private readonly float* _keys;
        private readonly float* _values;
        private readonly float* _outputs;
        private readonly nint _keysAHead;
        private readonly nint _valuesAHead;
        private readonly nint _outputsAHead;

        public Memory(float* start, in AttentionArguments a, in AttentionUnit unit, int rows)
        {
            var slots = (AttentionTile.Count(rows) - unit.FirstTile + unit.TileStep - 1) / unit.TileStep;
            _keysAHead = AttentionTile.Size * a.KeyWidth;
            _valuesAHead = AttentionTile.Size * a.PaddedValueWidth;
            _outputsAHead = (nint)slots * AttentionTile.Size * a.PaddedValueWidth;
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
}
