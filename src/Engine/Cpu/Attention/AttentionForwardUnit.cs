using LargeRec.Engine.Cpu.Products;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>
/// Forward of one unit. For each tile of keys and each of the unit's tiles of queries at or below it: scores, activation, and the sums of the outputs,
/// which are complete with the tile on the diagonal.
/// </summary>
internal readonly unsafe ref struct AttentionForwardUnit
{
    private readonly AttentionForwardJob _job;
    private readonly AttentionArguments _a;
    private readonly AttentionUnit _unit;
    private readonly AttentionUnit _next;
    private readonly AttentionForwardMemory _memory;
    private readonly int _rows;
    private readonly int _firstToken;

    public AttentionForwardUnit(in AttentionForwardJob job, in AttentionUnit unit, in AttentionUnit next, in AttentionForwardMemory memory)
    {
        (_job, _a, _unit, _next, _memory) = (job, job.Arguments, unit, next, memory);
        _rows = _a.Rows(unit);
        _firstToken = _a.Offsets[unit.Sequence];
    }

    public void Run<TVector>()
        where TVector : unmanaged, IFloatVector<TVector>
    {
        if (_a.TimeBias != null)
        {
            new ReadOnlySpan<int>(_a.RunStarts + _firstToken, _rows).CopyTo(new Span<int>(_memory.Cursors, _rows));
        }

        var tiles = AttentionTile.Count(_rows);
        var lastTile = tiles - 1 - ((tiles - 1 - _unit.FirstTile) % _unit.TileStep);
        for (var keyTile = 0; keyTile <= lastTile; keyTile++)
        {
            PackKeys<TVector>(keyTile);
            var slot = Math.Max(0, keyTile - _unit.FirstTile + _unit.TileStep - 1) / _unit.TileStep;
            for (var queryTile = _unit.FirstTile + (slot * _unit.TileStep); queryTile <= lastTile; queryTile += _unit.TileStep, slot++)
            {
                var prefetch = default(RowPrefetch);
                Prefetch(keyTile, queryTile, lastTile, ref prefetch);
                Tile<TVector>(keyTile, queryTile, slot, ref prefetch);
                if (keyTile == queryTile)
                {
                    Write<TVector>(queryTile, slot);
                }
            }
        }
    }

    private int KeyColumn(int head) => (_unit.FirstHead + head) * _a.KeyWidth;

    private int ValueColumn(int head) => (_unit.FirstHead + head) * _a.ValueWidth;

    /// <summary>Rows of a tile.</summary>
    private int Count(int tile) => Math.Min(AttentionTile.Size, _rows - (tile * AttentionTile.Size));

    /// <summary>The keys' transpose and the values of a tile, for all heads.</summary>
    private void PackKeys<TVector>(int keyTile)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        nint token = _firstToken + (keyTile * AttentionTile.Size);
        var count = Count(keyTile);
        for (var head = 0; head < _unit.Heads; head++)
        {
            var keys = _a.Keys + (token * _a.KeyStride) + KeyColumn(head);
            Transposition.Run(keys, _a.KeyStride, count, _a.KeyWidth, _memory.Keys(head), AttentionTile.Size, accumulate: false);
            var values = _a.Values + (token * _a.ValueStride) + ValueColumn(head);
            ProductPacking.PackRight<TVector>(values, _a.ValueStride, count, _a.ValueWidth, _a.PaddedValueWidth, _memory.Values(head));
        }
    }

    /// <summary>What will be touched after this tile: its outputs, and what the tiles or the unit to come read first.</summary>
    private void Prefetch(int keyTile, int queryTile, int lastTile, ref RowPrefetch prefetch)
    {
        if (keyTile == queryTile)
        {
            nint token = _firstToken + (queryTile * AttentionTile.Size);
            prefetch.Add(
                _job.Output + (token * _job.OutputStride) + ValueColumn(0), _job.OutputStride, Count(queryTile), _unit.Heads * _a.ValueWidth);
        }

        if (keyTile == 0 && queryTile < lastTile)
        {
            _a.PrefetchQueries(_unit, queryTile + _unit.TileStep, ref prefetch);
        }

        if (queryTile - keyTile < _unit.TileStep && keyTile < lastTile)
        {
            _a.PrefetchKeys(_unit, keyTile + 1, ref prefetch);
        }

        if (keyTile == lastTile && _next.Heads > 0)
        {
            _a.PrefetchKeys(_next, 0, ref prefetch);
            _a.PrefetchQueries(_next, _next.FirstTile, ref prefetch);
        }
    }

    private void Tile<TVector>(int keyTile, int queryTile, int slot, ref RowPrefetch prefetch)
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
            var queries = _a.Queries + ((nint)(_firstToken + firstRow) * _a.QueryStride) + KeyColumn(head);
            AttentionProducts.Scores<TVector>(
                queries, _a.QueryStride, count, _a.KeyWidth, _memory.Keys(head), bias, _memory.Scores, diagonal, ref prefetch);
            AttentionActivation.Forward<TVector>(_memory.Scores, position, count, _a.InverseNormalizer, diagonal);
            var sums = _memory.Outputs(head) + (slot * (nint)AttentionTile.Size * _a.PaddedValueWidth);
            AttentionProducts.Combine<TVector>(
                _memory.Scores, count, _memory.Values(head), _a.ValueWidth, _a.PaddedValueWidth, sums, keyTile > 0, diagonal, ref prefetch);
        }
    }

    /// <summary>The outputs of a tile are complete.</summary>
    private void Write<TVector>(int queryTile, int slot)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (var head = 0; head < _unit.Heads; head++)
        {
            var sums = _memory.Outputs(head) + (slot * (nint)AttentionTile.Size * _a.PaddedValueWidth);
            var output = _job.Output + ((nint)(_firstToken + (queryTile * AttentionTile.Size)) * _job.OutputStride) + ValueColumn(head);
            AttentionWriting.Rows<TVector>(sums, _a.PaddedValueWidth, Count(queryTile), _a.ValueWidth, output, _job.OutputStride, accumulate: false);
        }
    }
}
