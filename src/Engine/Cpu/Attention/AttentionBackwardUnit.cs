using LargeRec.Engine.Cpu.Products;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>
/// Backward of one unit. For each of its tiles of keys and each tile of queries at or below: the scores again, their gradients, and what these add to
/// the gradients. Those of keys and values are complete with the last query, those of queries with the last key.
/// </summary>
internal readonly unsafe ref struct AttentionBackwardUnit
{
    private readonly AttentionBackwardJob _job;
    private readonly AttentionArguments _a;
    private readonly AttentionUnit _unit;
    private readonly AttentionUnit _next;
    private readonly AttentionBackwardMemory _memory;
    private readonly float* _positionTable;
    private readonly float* _timeSums;
    private readonly float* _queryGradients;
    private readonly int _rows;
    private readonly int _firstToken;

    public AttentionBackwardUnit(
        in AttentionBackwardJob job, in AttentionUnit unit, in AttentionUnit next, in AttentionBackwardMemory memory, float* positionTable, float* timeSums)
    {
        (_job, _a, _unit, _next, _memory) = (job, job.Arguments, unit, next, memory);
        _rows = _a.Rows(unit);
        _positionTable = positionTable;
        _timeSums = timeSums;
        _firstToken = _a.Offsets[unit.Sequence];
        _queryGradients = memory.QueryGradients;
        if (unit.Split >= 0)
        {
            _queryGradients = job.Partials + (job.Plan.Splits[unit.Split].PartBegin(unit.FirstTile) * _a.PaddedKeyWidth);
        }
    }

    public void Run<TVector>()
        where TVector : unmanaged, IFloatVector<TVector>
    {
        if (_a.TimeBias != null)
        {
            new ReadOnlySpan<int>(_a.RunStarts + _firstToken, _rows).CopyTo(new Span<int>(_memory.Cursors, _rows));
        }

        var tiles = AttentionTile.Count(_rows);
        for (var keyTile = _unit.FirstTile; keyTile < tiles; keyTile += _unit.TileStep)
        {
            PackKeys<TVector>(keyTile);
            for (var queryTile = keyTile; queryTile < tiles; queryTile++)
            {
                var prefetch = default(RowPrefetch);
                Prefetch(keyTile, queryTile, tiles, ref prefetch);
                Tile<TVector>(keyTile, queryTile, ref prefetch);
                if (_unit.Split < 0 && queryTile == keyTile)
                {
                    WriteQueries<TVector>(queryTile);
                }
            }

            WriteKeys(keyTile);
        }
    }

    private int KeyColumn(int head) => (_unit.FirstHead + head) * _a.KeyWidth;

    private int ValueColumn(int head) => (_unit.FirstHead + head) * _a.ValueWidth;

    /// <summary>Rows of a tile.</summary>
    private int Count(int tile) => Math.Min(AttentionTile.Size, _rows - (tile * AttentionTile.Size));

    /// <summary>What will be touched after this tile: gradients that it completes, and what the tiles or the unit to come read first.</summary>
    private void Prefetch(int keyTile, int queryTile, int tiles, ref RowPrefetch prefetch)
    {
        if (queryTile == tiles - 1)
        {
            var token = _firstToken + (keyTile * AttentionTile.Size);
            _job.Keys.Prefetch(token, KeyColumn(0), Count(keyTile), _unit.Heads * _a.KeyWidth, ref prefetch);
            _job.Values.Prefetch(token, ValueColumn(0), Count(keyTile), _unit.Heads * _a.ValueWidth, ref prefetch);
        }

        if (queryTile == keyTile && _unit.Split < 0)
        {
            var token = _firstToken + (queryTile * AttentionTile.Size);
            _job.Queries.Prefetch(token, KeyColumn(0), Count(queryTile), _unit.Heads * _a.KeyWidth, ref prefetch);
        }

        if (keyTile == _unit.FirstTile && queryTile + 1 < tiles)
        {
            _a.PrefetchQueries(_unit, queryTile + 1, ref prefetch);
            PrefetchOutputs(_unit, queryTile + 1, ref prefetch);
        }

        if (queryTile == keyTile && keyTile + _unit.TileStep < tiles)
        {
            _a.PrefetchKeys(_unit, keyTile + _unit.TileStep, ref prefetch);
        }

        if (queryTile == tiles - 1 && keyTile + _unit.TileStep >= tiles && _next.Heads > 0)
        {
            _a.PrefetchKeys(_next, _next.FirstTile, ref prefetch);
            _a.PrefetchQueries(_next, _next.FirstTile, ref prefetch);
            PrefetchOutputs(_next, _next.FirstTile, ref prefetch);
        }
    }

    private void PrefetchOutputs(in AttentionUnit unit, int tile, ref RowPrefetch prefetch)
    {
        var first = tile * AttentionTile.Size;
        nint token = _a.Offsets[unit.Sequence] + first;
        prefetch.Add(
            _job.OutputGradient + (token * _job.OutputStride) + (unit.FirstHead * _a.ValueWidth), _job.OutputStride,
            Math.Min(AttentionTile.Size, _a.Rows(unit) - first), unit.Heads * _a.ValueWidth);
    }

    /// <summary>A tile's keys, as they are and transposed, its values transposed, and sums of 0 for their gradients, for all heads.</summary>
    private void PackKeys<TVector>(int keyTile)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        nint token = _firstToken + (keyTile * AttentionTile.Size);
        var count = Count(keyTile);
        for (var head = 0; head < _unit.Heads; head++)
        {
            var keys = _a.Keys + (token * _a.KeyStride) + KeyColumn(head);
            Transposition.Run(keys, _a.KeyStride, count, _a.KeyWidth, _memory.Keys(head), AttentionTile.Size, accumulate: false);
            ProductPacking.PackRight<TVector>(keys, _a.KeyStride, count, _a.KeyWidth, _a.PaddedKeyWidth, _memory.KeyRows(head));
            var values = _a.Values + (token * _a.ValueStride) + ValueColumn(head);
            new Span<float>(_memory.KeyGradients(head), AttentionTile.Size * _a.KeyWidth).Clear();
            new Span<float>(_memory.ValueGradients(head), AttentionTile.Size * _a.ValueWidth).Clear();
            Transposition.Run(values, _a.ValueStride, count, _a.ValueWidth, _memory.Values(head), AttentionTile.Size, accumulate: false);
        }
    }

    private void Tile<TVector>(int keyTile, int queryTile, ref RowPrefetch prefetch)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var firstRow = queryTile * AttentionTile.Size;
        var firstColumn = keyTile * AttentionTile.Size;
        var count = Count(queryTile);
        var diagonal = queryTile == keyTile;
        float* bias = null;
        if (_a.TimeBias != null)
        {
            bias = _memory.Bias;
            TimeBias.Fill<TVector>(_a.Runs, _memory.Cursors + firstRow, count, firstColumn, diagonal, _a.TimeBias, bias);
        }

        var position = PositionBias.At(_a.PositionBias, _a.Longest, firstRow, firstColumn);
        for (var head = 0; head < _unit.Heads; head++)
        {
            HeadTile<TVector>(head, keyTile, queryTile, count, bias, position, ref prefetch);
        }

        var gradients = _unit.Heads == 1 ? _memory.Gradients : _memory.GradientSums;
        if (_positionTable != null)
        {
            var at = PositionBias.At(_positionTable, _a.Longest, firstRow, firstColumn);
            PositionBias.AddGradient<TVector>(gradients, count, diagonal, _memory.PositionWork, at);
        }

        if (_timeSums != null)
        {
            TimeBias.AddGradient<TVector>(_a.Runs, _memory.Cursors + firstRow, count, firstColumn, diagonal, gradients, _timeSums);
        }
    }

    /// <summary>One head of a tile: its scores, their gradients, and the sums over them.</summary>
    private void HeadTile<TVector>(int head, int keyTile, int queryTile, int count, float* bias, float* position, ref RowPrefetch prefetch)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var diagonal = queryTile == keyTile;
        nint token = _firstToken + (queryTile * AttentionTile.Size);
        var queries = _a.Queries + (token * _a.QueryStride) + KeyColumn(head);
        var outputs = _job.OutputGradient + (token * _job.OutputStride) + ValueColumn(head);
        var weights = _memory.Scores;
        var gradients = _memory.Gradients;
        AttentionProducts.Scores<TVector>(queries, _a.QueryStride, count, _a.KeyWidth, _memory.Keys(head), bias, weights, diagonal, ref prefetch);
        AttentionProducts.Scores<TVector>(outputs, _job.OutputStride, count, _a.ValueWidth, _memory.Values(head), null, gradients, diagonal, ref prefetch);
        AttentionActivation.Backward<TVector>(weights, gradients, position, count, _a.InverseNormalizer, diagonal);
        if (_job.Values.IsWanted)
        {
            AttentionProducts.AddTransposed<TVector>(outputs, _job.OutputStride, _a.ValueWidth, weights, count, _memory.ValueGradients(head), diagonal);
        }

        if (_job.Keys.IsWanted)
        {
            AttentionProducts.AddTransposed<TVector>(queries, _a.QueryStride, _a.KeyWidth, gradients, count, _memory.KeyGradients(head), diagonal);
        }

        if (_job.Queries.IsWanted)
        {
            AttentionProducts.Combine<TVector>(
                gradients, count, _memory.KeyRows(head), _a.KeyWidth, _a.PaddedKeyWidth, QuerySums(head, queryTile), keyTile > _unit.FirstTile, diagonal,
                ref prefetch);
        }

        if (_unit.Heads > 1 && (_positionTable != null || _timeSums != null))
        {
            AttentionActivation.Sum<TVector>(gradients, count, diagonal, _memory.GradientSums, add: head > 0);
        }
    }

    /// <summary>The gradients of a tile's queries are complete, in a unit with all tiles.</summary>
    private void WriteQueries<TVector>(int queryTile)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (var head = 0; _job.Queries.IsWanted && head < _unit.Heads; head++)
        {
            AttentionWriting.Rows<TVector>(
                QuerySums(head, queryTile), _a.PaddedKeyWidth, Count(queryTile), _a.KeyWidth,
                _job.Queries.At(_firstToken + (queryTile * AttentionTile.Size), KeyColumn(head)), _job.Queries.Stride, _job.Queries.Accumulate);
        }
    }

    /// <summary>Where the gradients of a tile's queries are summed.</summary>
    private float* QuerySums(int head, int queryTile) =>
        _queryGradients + (head * _memory.QueriesAHead) + (queryTile * (nint)AttentionTile.Size * _a.PaddedKeyWidth);

    /// <summary>The gradients of a tile's keys and values are complete.</summary>
    private void WriteKeys(int keyTile)
    {
        var token = _firstToken + (keyTile * AttentionTile.Size);
        for (var head = 0; head < _unit.Heads; head++)
        {
            if (_job.Keys.IsWanted)
            {
                Transposition.Run(
                    _memory.KeyGradients(head), AttentionTile.Size, _a.KeyWidth, Count(keyTile),
                    _job.Keys.At(token, KeyColumn(head)), _job.Keys.Stride, _job.Keys.Accumulate);
            }

            if (_job.Values.IsWanted)
            {
                Transposition.Run(
                    _memory.ValueGradients(head), AttentionTile.Size, _a.ValueWidth, Count(keyTile),
                    _job.Values.At(token, ValueColumn(head)), _job.Values.Stride, _job.Values.Accumulate);
            }
        }
    }
}
