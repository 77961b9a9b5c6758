using LargeRec.Engine.Cpu.Products;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Cpu.Attention.Weighted;

/// <summary>
/// Forward of one unit. For each tile of keys and each tile of queries at or below it: scores, weights, and the sums of the outputs, which are complete with
/// the tile on the diagonal.
/// </summary>
internal readonly unsafe ref struct WeightedForwardUnit<TWeighting>
    where TWeighting : struct, ITileWeighting
{
    private readonly WeightedForwardJob<TWeighting> _job;
    private readonly AttentionArguments _a;
    private readonly AttentionUnit _unit;
    private readonly WeightedForwardMemory _memory;
    private readonly int _rows;
    private readonly int _firstToken;
    private readonly int _heads;

    public WeightedForwardUnit(in WeightedForwardJob<TWeighting> job, in AttentionUnit unit, in WeightedForwardMemory memory)
    {
        (_job, _a, _unit, _memory) = (job, job.Arguments.Operands, unit, memory);
        _rows = _a.Rows(unit);
        _firstToken = _a.Offsets[unit.Sequence];
        _heads = job.Arguments.QueryHeads(unit);
    }

    public void Run<TVector>()
        where TVector : unmanaged, IFloatVector<TVector>
    {
        if (_a.TimeBias != null)
        {
            new ReadOnlySpan<int>(_a.RunStarts + _firstToken, _rows).CopyTo(new Span<int>(_memory.Cursors, _rows));
        }

        var tiles = AttentionTile.Count(_rows);
        for (var keyTile = 0; keyTile < tiles; keyTile++)
        {
            PackKeys<TVector>(keyTile);
            for (var queryTile = keyTile; queryTile < tiles; queryTile++)
            {
                Tile<TVector>(keyTile, queryTile);
            }

            for (var head = 0; head < _heads; head++)
            {
                Write<TVector>(keyTile, head);
            }
        }
    }

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
            if (_a.Keys != null)
            {
                var keys = _a.Keys + (token * _a.KeyStride) + WeightedArguments.KeyColumn(_unit, head, _a.KeyWidth);
                Transposition.Run(keys, _a.KeyStride, count, _a.KeyWidth, _memory.Keys(head), AttentionTile.Size, accumulate: false);
            }

            var values = _a.Values + (token * _a.ValueStride) + WeightedArguments.KeyColumn(_unit, head, _a.ValueWidth);
            ProductPacking.PackRight<TVector>(values, _a.ValueStride, count, _a.ValueWidth, _a.PaddedValueWidth, _memory.Values(head));
        }
    }

    private void Tile<TVector>(int keyTile, int queryTile)
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
        else if (_a.NextSeconds != null)
        {
            bias = _memory.Bias;
            var token = _firstToken + firstRow;
            TimePowerTile.Fill<TVector>(
                _a.NextSeconds + token, _a.EventSeconds + _firstToken + firstColumn, count, Count(keyTile), _a.TimeFactor, _a.TimeExponent,
                _memory.Differences, bias);
        }

        var position = PositionBias.At(_a.PositionBias, _a.Longest, firstRow, firstColumn);
        var prefetch = default(RowPrefetch);
        for (var head = 0; head < _heads; head++)
        {
            var keyHead = head / _job.Arguments.HeadsAKey;
            WeightedScores.Run<TVector>(_job.Arguments, _unit, head, firstRow, count, _memory.Keys(keyHead), bias, _memory.Scores, diagonal);
            var sums = _memory.Outputs(head) + (firstRow * (nint)_a.PaddedValueWidth);
            var tile = _job.Arguments.Tile(_unit, head, queryTile, keyTile, count, position, _memory.Words);
            tile.Largest = _memory.Largest(head) + firstRow;
            tile.Sums = _memory.Sums(head) + firstRow;
            tile.Outputs = keyTile > 0 ? sums : null;
            tile.OutputWidth = _a.PaddedValueWidth;
            TWeighting.Forward<TVector>(tile, _memory.Scores);
            AttentionProducts.Combine<TVector>(
                _memory.Scores, count, _memory.Values(keyHead), _a.ValueWidth, _a.PaddedValueWidth, sums, keyTile > 0, diagonal, ref prefetch);
        }
    }

    /// <summary>The outputs of a tile are complete.</summary>
    private void Write<TVector>(int queryTile, int head)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var firstRow = queryTile * AttentionTile.Size;
        var width = _a.PaddedValueWidth;
        var sums = _memory.Outputs(head) + (firstRow * (nint)width);
        nint token = _firstToken + firstRow;
        if (TWeighting.IsSoftmax)
        {
            for (var row = 0; row < Count(queryTile); row++)
            {
                var sum = _memory.Sums(head)[firstRow + row];
                var outputs = sums + (row * (nint)width);
                var factor = TVector.Broadcast(1 / sum);
                for (var column = 0; column < width; column += TVector.Width)
                {
                    TVector.Store(TVector.Load(outputs + column) * factor, outputs + column);
                }

                if (_job.LogSums != null)
                {
                    _job.LogSums[((token + row) * _job.LogSumStride) + _job.Arguments.QueryColumn(_unit, head, 1)] =
                        _memory.Largest(head)[firstRow + row] + TVector.MaxLane(Elementary.Log(TVector.Broadcast(sum)));
                }
            }
        }

        var output = _job.Output + (token * _job.OutputStride) + _job.Arguments.QueryColumn(_unit, head, _a.ValueWidth);
        AttentionWriting.Rows<TVector>(sums, width, Count(queryTile), _a.ValueWidth, output, _job.OutputStride, accumulate: false);
    }
}
