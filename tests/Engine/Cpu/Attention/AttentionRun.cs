using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Tests.Cpu.Attention;

/// <summary>A case computed by a device: all operands are slices of wider tensors with sentinels around them.</summary>
internal static class AttentionRun
{
    public static readonly string[] GradientNames = ["dQ", "dK", "dV", "dPosition", "dTime"];

    public static float[] Output(CpuDevice device, AttentionCase problem)
    {
        using var step = device.BeginStep();
        var output = new TestMatrix(device, problem.Tokens, problem.Heads * problem.ValueWidth, strided: true);
        device.Attention.Hstu(Inputs(device, problem), problem.Layout(), output.Tensor);
        return output.Values();
    }

    /// <summary>The output of the only sequence's last rows.</summary>
    public static float[] Tail(CpuDevice device, AttentionCase problem, int rows)
    {
        using var step = device.BeginStep();
        var output = new TestMatrix(device, rows, problem.Heads * problem.ValueWidth, strided: true);
        var inputs = Inputs(device, problem);
        var first = problem.Tokens - rows;
        ReadOnlySpan<int> events = problem.HasTimes ? problem.EventSeconds : [];
        ReadOnlySpan<int> next = problem.HasTimes ? problem.NextSeconds.AsSpan(first) : [];
        device.Attention.HstuTail(inputs with { Queries = inputs.Queries.SliceRows(first, rows) }, events, next, output.Tensor);
        return output.Values();
    }

    /// <summary>The gradients of q, k, v, position and time bias; null where none was asked for.</summary>
    /// <param name="device">Where.</param>
    /// <param name="problem">What.</param>
    /// <param name="wanted">Which; by default all that there are.</param>
    /// <param name="initial">What the targets hold, to be added to; null to overwrite sentinels.</param>
    public static float[]?[] Gradients(CpuDevice device, AttentionCase problem, bool[]? wanted = null, float? initial = null)
    {
        using var step = device.BeginStep();
        var keyColumns = problem.Heads * problem.KeyWidth;
        (int Rows, int Columns)[] shapes =
        [
            (problem.Tokens, keyColumns), (problem.Tokens, keyColumns), (problem.Tokens, problem.Heads * problem.ValueWidth),
            (1, (2 * problem.Normalizer) - 1), (1, TimeBuckets.Count),
        ];
        wanted ??= [true, true, true, true, true];
        wanted = [wanted[0], wanted[1], wanted[2], wanted[3] && problem.Position is not null, wanted[4] && problem.Time is not null];
        var targets = shapes.Select((shape, which) => !wanted[which] ? null : new TestMatrix(
            device, shape.Rows, shape.Columns, strided: true,
            initial is { } value ? Enumerable.Repeat(value, shape.Rows * shape.Columns).ToArray() : null)).ToArray();
        var dOutput = new TestMatrix(device, problem.Tokens, problem.Heads * problem.ValueWidth, strided: true, problem.OutputGradient);
        var gradients = targets.Select(t => new GradientTarget(t?.Tensor, initial is not null)).ToArray();
        device.Attention.HstuBackward(
            Inputs(device, problem), problem.Layout(), dOutput.Tensor, new(gradients[0], gradients[1], gradients[2], gradients[3], gradients[4]));
        return [.. targets.Select(t => t?.Values())];
    }

    private static HstuAttentionInputs Inputs(CpuDevice device, AttentionCase problem)
    {
        var keyColumns = problem.Heads * problem.KeyWidth;
        return new(
            new TestMatrix(device, problem.Tokens, keyColumns, strided: true, problem.Queries).Tensor,
            new TestMatrix(device, problem.Tokens, keyColumns, strided: true, problem.Keys).Tensor,
            new TestMatrix(device, problem.Tokens, problem.Heads * problem.ValueWidth, strided: true, problem.Values).Tensor,
            problem.Heads,
            problem.Normalizer,
            problem.Position is { } p ? new TestMatrix(device, 1, p.Length, strided: true, p).Tensor : null,
            problem.Time is { } t ? new TestMatrix(device, 1, t.Length, strided: true, t).Tensor : null);
    }
}
