using LargeRec.Engine.Cpu.Attention.Weighted;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Attention;

/// <content>Attention of every weighting, in the same tiles. A sequence is cut by its heads alone.</content>
internal sealed unsafe partial class CpuAttentionOperations
{
    protected override void AttendCore(in AttentionInputs inputs, JaggedLayout layout, Tensor output, Tensor? logSums)
    {
        switch (inputs.Weighting)
        {
            case AttentionWeighting.Silu: Attend<PointwiseWeighting<Silu>>(inputs, layout, output, logSums); break;
            case AttentionWeighting.Bias: Attend<PointwiseWeighting<Identity>>(inputs, layout, output, logSums); break;
            case AttentionWeighting.Softmax: Attend<SoftmaxWeighting>(inputs, layout, output, logSums); break;
            case AttentionWeighting.LeakySoftmax: AttendLeaky(inputs, layout, output, logSums); break;
            default: base.AttendCore(inputs, layout, output, logSums); break;
        }
    }

    protected override void AttendBackwardCore(
        in AttentionInputs inputs, JaggedLayout layout, Tensor output, Tensor? logSums, Tensor dOutput, in HstuAttentionGradients gradients)
    {
        switch (inputs.Weighting)
        {
            case AttentionWeighting.Silu: AttendBackward<PointwiseWeighting<Silu>>(inputs, layout, output, logSums, dOutput, gradients); break;
            case AttentionWeighting.Bias: AttendBackward<PointwiseWeighting<Identity>>(inputs, layout, output, logSums, dOutput, gradients); break;
            case AttentionWeighting.Softmax: AttendBackward<SoftmaxWeighting>(inputs, layout, output, logSums, dOutput, gradients); break;
            case AttentionWeighting.LeakySoftmax: AttendLeakyBackward(inputs, layout, output, logSums!, dOutput, gradients); break;
            default: base.AttendBackwardCore(inputs, layout, output, logSums, dOutput, gradients); break;
        }
    }

    protected override void RotateCore(Tensor x, JaggedLayout layout, int heads, float theta, bool inverse, Tensor y)
    {
        var rows = Math.Max(layout.LongestSequence, layout.TrailingRows);
        var width = x.Columns / heads;
        using var table = device.Scratch.Rent((long)rows * width);
        RotationKernel.FillTable(table.Pointer, rows, width, theta, inverse);
        using var places = device.Scratch.Rent(x.Rows);
        RotationKernel.FillPlaces(layout, (int*)places.Pointer);
        RowJob<RotationKernel>.Run(
            device.Workers,
            RowSplit.OfRows(x.Rows, x.Columns),
            new(CpuDevice.Pointer(x), x.RowStride, (int*)places.Pointer, table.Pointer, width, CpuDevice.Pointer(y), y.RowStride));
    }

    private void Attend<TWeighting>(in AttentionInputs inputs, JaggedLayout layout, Tensor output, Tensor? logSums)
        where TWeighting : struct, ITileWeighting
    {
        using var step = device.CurrentStep is null ? device.BeginStep() : null;
        _plan.Make(layout, inputs.ValueHeads, mostParts: 1);
        using var table = device.Scratch.Rent(PositionBias.TableFloats(layout.LongestSequence));
        fixed (int* offsets = layout.Offsets, events = layout.EventSeconds, next = layout.NextSeconds)
        {
            var job = new WeightedForwardJob<TWeighting>
            {
                Arguments = Arguments(inputs, layout, offsets, events, next, table.Pointer),
                Plan = _plan,
                Output = CpuDevice.Pointer(output),
                OutputStride = output.RowStride,
                LogSums = CpuDevice.PointerOrNull(logSums),
                LogSumStride = logSums?.RowStride ?? 0,
            };
            job.ScratchFloats = job.Measure();
            using var scratch = device.Scratch.Rent(job.ScratchFloats * device.Threads);
            job.Scratch = scratch.Pointer;
            device.Workers.Run(_plan.UnitCount, ref job);
        }

        ClearTrailingRows(layout, new GradientTarget(output, Accumulate: false));
    }

    private void AttendBackward<TWeighting>(
        in AttentionInputs inputs, JaggedLayout layout, Tensor output, Tensor? logSums, Tensor dOutput, in HstuAttentionGradients gradients)
        where TWeighting : struct, ITileWeighting
    {
        using var step = device.CurrentStep is null ? device.BeginStep() : null;
        var longest = layout.LongestSequence;
        _plan.Make(layout, inputs.ValueHeads, mostParts: 1);
        using var table = device.Scratch.Rent(PositionBias.TableFloats(longest));
        fixed (int* offsets = layout.Offsets, events = layout.EventSeconds, next = layout.NextSeconds)
        {
            var job = new WeightedBackwardJob<TWeighting>
            {
                Arguments = Arguments(inputs, layout, offsets, events, next, table.Pointer),
                Plan = _plan,
                Output = CpuDevice.Pointer(output),
                OutputStride = output.RowStride,
                OutputGradient = CpuDevice.Pointer(dOutput),
                OutputGradientStride = dOutput.RowStride,
                LogSums = CpuDevice.PointerOrNull(logSums),
                LogSumStride = logSums?.RowStride ?? 0,
                Queries = new(gradients.Queries),
                Keys = new(gradients.Keys),
                Values = new(gradients.Values),
            };
            var chunks = job.Chunks;
            job.ScratchFloats = job.Measure();
            using var scratch = device.Scratch.Rent(job.ScratchFloats * device.Threads);
            using var positionTables = device.Scratch.Rent((long)chunks * PositionBias.TableFloats(longest));
            using var timeTables = device.Scratch.Rent((long)chunks * TimeBias.TableFloats);
            job.Scratch = scratch.Pointer;
            job.PositionTables = gradients.PositionBias.IsWanted ? positionTables.Pointer : null;
            job.TimeTables = gradients.TimeBias.IsWanted || gradients.TimePower.Factor.IsWanted ? timeTables.Pointer : null;
            device.Workers.Run(chunks, ref job);
            ReduceBiases(positionTables.Pointer, timeTables.Pointer, chunks, inputs.Normalizer, longest, gradients);
        }

        ClearTrailingRows(layout, gradients.Queries);
        ClearTrailingRows(layout, gradients.Keys);
        ClearTrailingRows(layout, gradients.Values);
    }

    private WeightedArguments Arguments(
        in AttentionInputs inputs, JaggedLayout layout, int* offsets, int* events, int* next, float* positionTable)
    {
        var operands = new AttentionArguments
        {
            Queries = CpuDevice.PointerOrNull(inputs.Queries),
            QueryStride = inputs.Queries?.RowStride ?? 0,
            Keys = CpuDevice.PointerOrNull(inputs.Keys),
            KeyStride = inputs.Keys?.RowStride ?? 0,
            Values = CpuDevice.Pointer(inputs.Values),
            ValueStride = inputs.Values.RowStride,
            KeyWidth = (inputs.Queries?.Columns ?? 0) / inputs.Heads,
            ValueWidth = inputs.Values.Columns / inputs.ValueHeads,
        };
        LoadBiases(inputs.PositionBias, inputs.TimeBias, inputs.Normalizer, layout, offsets, positionTable, ref operands);
        if (inputs.TimePower is { } power && layout.Offsets[^1] > 0)
        {
            operands.EventSeconds = events;
            operands.NextSeconds = next;
            operands.TimeFactor = *CpuDevice.Pointer(power.Factor);
            operands.TimeExponent = *CpuDevice.Pointer(power.Exponent);
        }

        return new WeightedArguments
        {
            Operands = operands,
            Heads = inputs.Heads,
            HeadsAKey = inputs.Heads / inputs.ValueHeads,
            Scale = inputs.Scale,
            Factor = inputs.Weighting == AttentionWeighting.Silu ? 1f / inputs.Normalizer : 1,
            Dropout = inputs.Dropout,
            DropoutGroups = (inputs.Normalizer + Random.PhiloxVector.GroupWords - 1) / Random.PhiloxVector.GroupWords,
        };
    }
}
