using System.Numerics;
using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Tests.Cpu.Attention;

/// <summary>
/// HSTU's attention and its gradients as plain loops over the formula, in float64 for the truth and in float32 for the error that a plain implementation makes.
/// </summary>
internal sealed class AttentionReference<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly AttentionCase _case;
    private readonly T[] _q;
    private readonly T[] _k;
    private readonly T[] _v;
    private readonly T[]? _position;
    private readonly T[]? _time;

    public AttentionReference(AttentionCase problem)
        : this(problem, Convert(problem.Queries), Convert(problem.Keys), Convert(problem.Values), problem.Position is { } p ? Convert(p) : null,
            problem.Time is { } t ? Convert(t) : null)
    {
    }

    /// <param name="problem">Shapes, layout, normaliser.</param>
    public AttentionReference(AttentionCase problem, T[] q, T[] k, T[] v, T[]? position, T[]? time) =>
        (_case, _q, _k, _v, _position, _time) = (problem, q, k, v, position, time);

    public static T[] Convert(float[] values) => [.. values.Select(T.CreateChecked)];

    public T[] Output()
    {
        var output = new T[_case.Tokens * _case.Heads * _case.ValueWidth];
        ForEachPair((row, column, head, i, j) =>
        {
            var score = Score(row, column, head, i, j);
            var weight = score * Sigmoid(score) / T.CreateChecked(_case.Normalizer);
            for (var d = 0; d < _case.ValueWidth; d++)
            {
                output[Value(row, head, d)] += weight * _v[Value(column, head, d)];
            }
        });
        return output;
    }

    /// <summary>The gradients of q, k, v, position and time bias, for the gradient of the output.</summary>
    public T[][] Gradients(T[] dOutput)
    {
        T[] dq = new T[_q.Length], dk = new T[_k.Length], dv = new T[_v.Length];
        T[] dPosition = new T[(2 * _case.Normalizer) - 1], dTime = new T[TimeBuckets.Count];
        var normalizer = T.CreateChecked(_case.Normalizer);
        ForEachPair((row, column, head, i, j) =>
        {
            var score = Score(row, column, head, i, j);
            var sigmoid = Sigmoid(score);
            var weight = score * sigmoid / normalizer;
            var dWeight = T.Zero;
            for (var d = 0; d < _case.ValueWidth; d++)
            {
                dWeight += dOutput[Value(row, head, d)] * _v[Value(column, head, d)];
                dv[Value(column, head, d)] += weight * dOutput[Value(row, head, d)];
            }

            var dScore = dWeight / normalizer * sigmoid * (T.One + (score * (T.One - sigmoid)));
            for (var d = 0; d < _case.KeyWidth; d++)
            {
                dq[Key(row, head, d)] += dScore * _k[Key(column, head, d)];
                dk[Key(column, head, d)] += dScore * _q[Key(row, head, d)];
            }

            dPosition[_case.Normalizer - 1 + j - i] += dScore;
            if (_case.HasTimes)
            {
                dTime[Bucket(row, column)] += dScore;
            }
        });
        return [dq, dk, dv, dPosition, dTime];
    }

    private static T Sigmoid(T x) => T.One / (T.One + T.Exp(-x));

    private T Score(int row, int column, int head, int i, int j)
    {
        var score = T.Zero;
        for (var d = 0; d < _case.KeyWidth; d++)
        {
            score += _q[Key(row, head, d)] * _k[Key(column, head, d)];
        }

        score += _position is null ? T.Zero : _position[_case.Normalizer - 1 + j - i];
        return score + (_time is null ? T.Zero : _time[Bucket(row, column)]);
    }

    private int Bucket(int row, int column) => TimeBuckets.Formula((long)_case.NextSeconds[row] - _case.EventSeconds[column]);

    private int Key(int row, int head, int d) => (((row * _case.Heads) + head) * _case.KeyWidth) + d;

    private int Value(int row, int head, int d) => (((row * _case.Heads) + head) * _case.ValueWidth) + d;

    private void ForEachPair(Action<int, int, int, int, int> action)
    {
        for (var sequence = 0; sequence + 1 < _case.Offsets.Length; sequence++)
        {
            var first = _case.Offsets[sequence];
            for (var row = first; row < _case.Offsets[sequence + 1]; row++)
            {
                for (var head = 0; head < _case.Heads; head++)
                {
                    for (var column = first; column <= row; column++)
                    {
                        action(row, column, head, row - first, column - first);
                    }
                }
            }
        }
    }
}
