using LargeRec.Engine.Cpu.Attention.Leaky;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Attention;

/// <content>The softmax that sums over columns which its mask hides.</content>
internal sealed unsafe partial class CpuAttentionOperations
{
    private void AttendLeaky(in AttentionInputs inputs, JaggedLayout layout, Tensor output, Tensor? logSums)
    {
        fixed (int* offsets = layout.Offsets, events = layout.EventSeconds, next = layout.NextSeconds)
        {
            var job = new LeakySoftmaxForwardJob
            {
                Arguments = LeakyArguments(inputs, layout, offsets, events, next),
                Output = CpuDevice.Pointer(output),
                OutputStride = output.RowStride,
                LogSums = CpuDevice.PointerOrNull(logSums),
                LogSumStride = logSums?.RowStride ?? 0,
            };
            using var scratch = device.Scratch.Rent(job.ScratchFloats * device.Threads);
            job.Scratch = scratch.Pointer;
            device.Workers.Run(job.Chunks, ref job);
        }

        ClearTrailingRows(layout, new GradientTarget(output, Accumulate: false));
    }

    private void AttendLeakyBackward(
        in AttentionInputs inputs, JaggedLayout layout, Tensor output, Tensor logSums, Tensor dOutput, in HstuAttentionGradients gradients)
    {
        fixed (int* offsets = layout.Offsets, events = layout.EventSeconds, next = layout.NextSeconds)
        {
            var job = new LeakySoftmaxBackwardJob
            {
                Arguments = LeakyArguments(inputs, layout, offsets, events, next),
                Output = CpuDevice.Pointer(output),
                OutputStride = output.RowStride,
                OutputGradient = CpuDevice.Pointer(dOutput),
                OutputGradientStride = dOutput.RowStride,
                LogSums = CpuDevice.Pointer(logSums),
                LogSumStride = logSums.RowStride,
                Queries = new(gradients.Queries),
                Keys = new(gradients.Keys),
                Values = new(gradients.Values),
            };
            using var scratch = device.Scratch.Rent(job.ScratchFloats * device.Threads);
            using var sums = device.Scratch.Rent(sizeof(double) / sizeof(float) * (long)job.Chunks * job.BiasValues);
            job.Scratch = scratch.Pointer;
            job.BiasSums = (double*)sums.Pointer;
            device.Workers.Run(job.Chunks, ref job);
            AddChunks(job.BiasSums, job.BiasValues, job.Chunks, gradients.PositionBias);
            AddChunks(job.BiasSums + job.PositionValues, job.BiasValues, job.Chunks, gradients.TimeBias);
        }

        ClearTrailingRows(layout, gradients.Queries);
        ClearTrailingRows(layout, gradients.Keys);
        ClearTrailingRows(layout, gradients.Values);
    }

    /// <summary>What the chunks summed of a bias, in their order.</summary>
    private static void AddChunks(double* sums, int stride, int chunks, GradientTarget target)
    {
        if (target.Tensor is not { } tensor)
        {
            return;
        }

        var gradient = CpuDevice.Pointer(tensor);
        for (var value = 0; value < tensor.Shape.Count; value++)
        {
            var sum = target.Accumulate ? gradient[value] : 0.0;
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                sum += sums[(chunk * (nint)stride) + value];
            }

            gradient[value] = (float)sum;
        }
    }

    private static LeakySoftmaxArguments LeakyArguments(in AttentionInputs inputs, JaggedLayout layout, int* offsets, int* events, int* next) => new()
    {
        Queries = CpuDevice.Pointer(inputs.Queries!),
        QueryStride = inputs.Queries!.RowStride,
        Keys = CpuDevice.Pointer(inputs.Keys!),
        KeyStride = inputs.Keys!.RowStride,
        Values = CpuDevice.Pointer(inputs.Values),
        ValueStride = inputs.Values.RowStride,
        KeyWidth = inputs.Queries.Columns / inputs.Heads,
        ValueWidth = inputs.Values.Columns / inputs.Heads,
        Heads = inputs.Heads,
        Normalizer = inputs.Normalizer,
        Scale = inputs.Scale,
        Offsets = offsets,
        Sequences = layout.Sequences,
        PositionBias = CpuDevice.PointerOrNull(inputs.PositionBias),
        TimeBias = CpuDevice.PointerOrNull(inputs.TimeBias),
        EventSeconds = events,
        NextSeconds = next,
    };
}
