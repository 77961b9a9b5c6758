using LargeRec.Engine.Cpu.Normalization;
using LargeRec.Engine.Cpu.Products;
using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Attention.Weighted;

/// <summary>
/// Backward of one unit. For each tile of keys and each tile of queries at or below: the scores again, their gradients, and what these add to the gradients.
/// Those of keys and values are complete with the last query, those of queries with the last key.
/// </summary>
internal readonly unsafe ref struct WeightedBackwardUnit<TWeighting>
    where TWeighting : struct, ITileWeighting
{
    private readonly WeightedBackwardJob<TWeighting> _job;
    private readonly WeightedArguments _arguments;
    private readonly AttentionArguments _a;
    private readonly AttentionUnit _unit;
    private readonly WeightedBackwardMemory _memory;
    private readonly float* _positionTable;
    private readonly float* _timeSums;
    private readonly int _rows;
    private readonly int _firstToken;
    private readonly int _heads;

    public WeightedBackwardUnit(
        in WeightedBackwardJob<TWeighting> job, in AttentionUnit unit, in WeightedBackwardMemory memory, float* positionTable, float* timeSums)
    {
        (_job, _arguments, _a, _unit, _memory) = (job, job.Arguments, job.Arguments.Operands, unit, memory);
        _positionTable = positionTable;
        _timeSums = timeSums;
        _rows = _a.Rows(unit);
        _firstToken = _a.Offsets[unit.Sequence];
        _heads = _arguments.QueryHeads(unit);
    }

    public void Run<TVector>()
        where TVector : unmanaged, IFloatVector<TVector>
    {
        if (_a.TimeBias != null)
        {
            new ReadOnlySpan<int>(_a.RunStarts + _firstToken, _rows).CopyTo(new Span<int>(_memory.Cursors, _rows));
        }

        PrepareRows<TVector>();
        var tiles = AttentionTile.Count(_rows);
        for (var keyTile = 0; keyTile < tiles; keyTile++)
        {
            PackKeys<TVector>(keyTile);
            for (var queryTile = keyTile; queryTile < tiles; queryTile++)
            {
                Tile<TVector>(keyTile, queryTile);
            }

            WriteQueries<TVector>(keyTile);
            WriteKeys(keyTile);
        }
    }

    /// <summary>Rows of a tile.</summary>
    private int Count(int tile) => Math.Min(AttentionTile.Size, _rows - (tile * AttentionTile.Size));

    /// <summary>What a softmax needs of each row.</summary>
    private void PrepareRows<TVector>()
        where TVector : unmanaged, IFloatVector<TVector>
    {
        for (var head = 0; TWeighting.IsSoftmax && head < _heads; head++)
        {
            var column = _arguments.QueryColumn(_unit, head, _a.ValueWidth);
            for (var row = 0; row < _rows; row++)
            {
                nint token = _firstToken + row;
                _memory.LogSums(head)[row] = _job.LogSums[(token * _job.LogSumStride) + _arguments.QueryColumn(_unit, head, 1)];
                _memory.Deltas(head)[row] = RowSums.Product<TVector>(
                    _job.Output + (token * _job.OutputStride) + column, _job.OutputGradient + (token * _job.OutputGradientStride) + column, _a.ValueWidth);
            }
        }
    }

    /// <summary>A tile's keys, as they are and transposed, its values transposed, and sums of 0 for their gradients, for all heads.</summary>
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
                ProductPacking.PackRight<TVector>(keys, _a.KeyStride, count, _a.KeyWidth, _a.PaddedKeyWidth, _memory.KeyRows(head));
            }

            var values = _a.Values + (token * _a.ValueStride) + WeightedArguments.KeyColumn(_unit, head, _a.ValueWidth);
            new Span<float>(_memory.KeyGradients(head), AttentionTile.Size * _a.KeyWidth).Clear();
            new Span<float>(_memory.ValueGradients(head), AttentionTile.Size * _a.ValueWidth).Clear();
            Transposition.Run(values, _a.ValueStride, count, _a.ValueWidth, _memory.Values(head), AttentionTile.Size, accumulate: false);
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

        for (var head = 0; head < _heads; head++)
        {
            HeadTile<TVector>(head, keyTile, queryTile, bias);
        }

        var gradients = _heads == 1 ? _memory.Gradients : _memory.GradientSums;
        if (_positionTable != null)
        {
            var at = PositionBias.At(_positionTable, _a.Longest, firstRow, firstColumn);
            PositionBias.AddGradient<TVector>(gradients, count, diagonal, _memory.PositionWork, at);
        }

        if (_timeSums == null)
        {
            return;
        }

        if (_a.TimeBias != null)
        {
            TimeBias.AddGradient<TVector>(_a.Runs, _memory.Cursors + firstRow, count, firstColumn, diagonal, gradients, _timeSums);
        }
        else
        {
            TimePowerTile.AddGradient<TVector>(
                _a.NextSeconds + _firstToken + firstRow, _a.EventSeconds + _firstToken + firstColumn, count, Count(keyTile), diagonal, _a.TimeFactor,
                _a.TimeExponent, _memory.Differences, gradients, _timeSums);
        }
    }

    /// <summary>One head of a tile: its scores, their gradients, and the sums over them.</summary>
    private void HeadTile<TVector>(int head, int keyTile, int queryTile, float* bias)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var diagonal = queryTile == keyTile;
        var firstRow = queryTile * AttentionTile.Size;
        var count = Count(queryTile);
        var keyHead = head / _arguments.HeadsAKey;
        nint token = _firstToken + firstRow;
        var outputs = _job.OutputGradient + (token * _job.OutputGradientStride) + _arguments.QueryColumn(_unit, head, _a.ValueWidth);
        var weights = _memory.Scores;
        var gradients = _memory.Gradients;
        var prefetch = default(RowPrefetch);
        WeightedScores.Run<TVector>(_arguments, _unit, head, firstRow, count, _memory.Keys(keyHead), bias, weights, diagonal);
        AttentionProducts.Scores<TVector>(outputs, _job.OutputGradientStride, count, _a.ValueWidth, _memory.Values(keyHead), null, gradients, diagonal,
            ref prefetch);
        var position = PositionBias.At(_a.PositionBias, _a.Longest, firstRow, keyTile * AttentionTile.Size);
        var tile = _arguments.Tile(_unit, head, queryTile, keyTile, count, position, _memory.Words);
        tile.LogSums = _memory.LogSums(head) + firstRow;
        tile.Deltas = _memory.Deltas(head) + firstRow;
        TWeighting.Backward<TVector>(tile, weights, gradients);
        if (_job.Values.IsWanted)
        {
            AttentionProducts.AddTransposed<TVector>(
                outputs, _job.OutputGradientStride, _a.ValueWidth, weights, count, _memory.ValueGradients(keyHead), diagonal);
        }

        var queries = _a.Queries + (token * _a.QueryStride) + _arguments.QueryColumn(_unit, head, _a.KeyWidth);
        if (_job.Keys.IsWanted)
        {
            AttentionProducts.AddTransposed<TVector>(queries, _a.QueryStride, _a.KeyWidth, gradients, count, _memory.KeyGradients(keyHead), diagonal);
        }

        if (_job.Queries.IsWanted)
        {
            var sums = _memory.QueryGradients(head) + (firstRow * (nint)_a.PaddedKeyWidth);
            AttentionProducts.Combine<TVector>(
                gradients, count, _memory.KeyRows(keyHead), _a.KeyWidth, _a.PaddedKeyWidth, sums, keyTile > 0, diagonal, ref prefetch);
        }

        if (_heads > 1 && (_positionTable != null || _timeSums != null))
        {
            AttentionActivation.Sum<TVector>(gradients, count, diagonal, _memory.GradientSums, add: head > 0);
        }
    }

    /// <summary>The gradients of a tile's queries are complete.</summary>
    private void WriteQueries<TVector>(int queryTile)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var firstRow = queryTile * AttentionTile.Size;
        for (var head = 0; _job.Queries.IsWanted && head < _heads; head++)
        {
            AttentionWriting.Rows<TVector>(
                _memory.QueryGradients(head) + (firstRow * (nint)_a.PaddedKeyWidth), _a.PaddedKeyWidth, Count(queryTile), _a.KeyWidth,
                _job.Queries.At(_firstToken + firstRow, _arguments.QueryColumn(_unit, head, _a.KeyWidth)), _job.Queries.Stride, _job.Queries.Accumulate);
        }
    }

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
                    _job.Keys.At(token, WeightedArguments.KeyColumn(_unit, head, _a.KeyWidth)), _job.Keys.Stride, _job.Keys.Accumulate);
            }

            if (_job.Values.IsWanted)
            {
                Transposition.Run(
                    _memory.ValueGradients(head), AttentionTile.Size, _a.ValueWidth, Count(keyTile),
                    _job.Values.At(token, WeightedArguments.KeyColumn(_unit, head, _a.ValueWidth)), _job.Values.Stride, _job.Values.Accumulate);
            }
        }
    }
}
