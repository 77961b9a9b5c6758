using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Attention;

/// <summary>
/// HSTU's attention in tiles that stay in the core's caches: scores, bias, SiLU and the sums over them, with the register tile of the general
/// product. Two units of work never write the same value, and sums of several have a fixed order, so the bits do not depend on the threads.
/// </summary>
internal sealed unsafe partial class CpuAttentionOperations(CpuDevice device) : AttentionOperations(device)
{
    /// <summary>Parts that the queries' gradient of a long sequence is computed in at most; each takes memory for it.</summary>
    private const int MostParts = 16;

    private readonly AttentionPlan _plan = new();

    protected override void HstuCore(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor output)
    {
        // What is prepared a batch needs a step to belong to.
        using var step = device.CurrentStep is null ? device.BeginStep() : null;
        _plan.Make(layout, inputs.Heads, int.MaxValue);
        using var table = device.Scratch.Rent(PositionBias.TableFloats(layout.LongestSequence));
        fixed (int* offsets = layout.Offsets)
        {
            var job = new AttentionForwardJob
            {
                Arguments = Arguments(inputs, layout, offsets, table.Pointer),
                Plan = _plan,
                Workers = device.Threads,
                Output = CpuDevice.Pointer(output),
                OutputStride = output.RowStride,
            };
            job.ScratchFloats = job.Measure();
            using var scratch = device.Scratch.Rent(job.ScratchFloats * device.Threads);
            job.Scratch = scratch.Pointer;
            device.Workers.Run(_plan.UnitCount, ref job);
        }

        ClearTrailingRows(layout, new GradientTarget(output, Accumulate: false));
    }

    public override bool ContinuesSequences => true;

    protected override void HstuTailCore(in HstuAttentionInputs inputs, ReadOnlySpan<int> eventSeconds, ReadOnlySpan<int> nextSeconds, Tensor output)
    {
        using var scratch = device.Scratch.Rent((long)AttentionTailJob.ScratchValues(inputs.Keys.Rows) * device.Threads);
        fixed (int* events = eventSeconds)
        fixed (int* next = nextSeconds)
        {
            var job = new AttentionTailJob
            {
                Queries = CpuDevice.Pointer(inputs.Queries),
                QueryStride = inputs.Queries.RowStride,
                Keys = CpuDevice.Pointer(inputs.Keys),
                KeyStride = inputs.Keys.RowStride,
                Values = CpuDevice.Pointer(inputs.Values),
                ValueStride = inputs.Values.RowStride,
                Output = CpuDevice.Pointer(output),
                OutputStride = output.RowStride,
                Heads = inputs.Heads,
                KeyWidth = inputs.Queries.Columns / inputs.Heads,
                ValueWidth = inputs.Values.Columns / inputs.Heads,
                FirstRow = inputs.Keys.Rows - inputs.Queries.Rows,
                Normalizer = inputs.Normalizer,
                PositionBias = CpuDevice.PointerOrNull(inputs.PositionBias),
                TimeBias = CpuDevice.PointerOrNull(inputs.TimeBias),
                EventSeconds = events,
                NextSeconds = next,
                Scratch = scratch.Pointer,
                ScratchStride = AttentionTailJob.ScratchValues(inputs.Keys.Rows),
            };
            device.Workers.Run(inputs.Queries.Rows * inputs.Heads, ref job);
        }
    }

    protected override void HstuBackwardCore(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor dOutput, in HstuAttentionGradients gradients)
    {
        using var step = device.CurrentStep is null ? device.BeginStep() : null;
        var longest = layout.LongestSequence;
        _plan.Make(layout, inputs.Heads, MostParts);
        using var table = device.Scratch.Rent(PositionBias.TableFloats(longest));
        fixed (int* offsets = layout.Offsets)
        {
            var job = new AttentionBackwardJob
            {
                Arguments = Arguments(inputs, layout, offsets, table.Pointer),
                Plan = _plan,
                Workers = device.Threads,
                OutputGradient = CpuDevice.Pointer(dOutput),
                OutputStride = dOutput.RowStride,
                Queries = new(gradients.Queries),
                Keys = new(gradients.Keys),
                Values = new(gradients.Values),
            };
            var chunks = job.Chunks;
            var partialRows = gradients.Queries.IsWanted && _plan.SplitCount > 0 ? _plan.Splits[^1].PartBegin(_plan.Splits[^1].Parts) : 0;
            job.ScratchFloats = job.Measure();
            using var scratch = device.Scratch.Rent(job.ScratchFloats * device.Threads);
            using var partials = device.Scratch.Rent(partialRows * job.Arguments.PaddedKeyWidth);
            using var positionTables = device.Scratch.Rent((long)chunks * PositionBias.TableFloats(longest));
            using var timeTables = device.Scratch.Rent((long)chunks * TimeBias.TableFloats);
            job.Scratch = scratch.Pointer;
            job.Partials = partials.Pointer;
            job.PositionTables = gradients.PositionBias.IsWanted ? positionTables.Pointer : null;
            job.TimeTables = gradients.TimeBias.IsWanted ? timeTables.Pointer : null;
            device.Workers.Run(chunks, ref job);

            if (partialRows > 0)
            {
                var sum = new QueryGradientJob { Arguments = job.Arguments, Plan = _plan, Partials = partials.Pointer, Queries = job.Queries };
                device.Workers.Run(sum.Chunks, ref sum);
            }

            ReduceBiases(positionTables.Pointer, timeTables.Pointer, chunks, inputs.Normalizer, longest, gradients);
        }

        ClearTrailingRows(layout, gradients.Queries);
        ClearTrailingRows(layout, gradients.Keys);
        ClearTrailingRows(layout, gradients.Values);
    }

    /// <summary>The chunks' tables of the biases' gradients, added up where these are wanted.</summary>
    private static void ReduceBiases(float* positionTables, float* timeTables, int chunks, int normalizer, int longest, in HstuAttentionGradients gradients)
    {
        if (gradients.PositionBias.Tensor is { } position)
        {
            PositionBias.Reduce(
                positionTables, PositionBias.TableFloats(longest), chunks, normalizer, longest, CpuDevice.Pointer(position), gradients.PositionBias.Accumulate);
        }

        if (gradients.TimeBias.Tensor is { } time)
        {
            TimeBias.Reduce(timeTables, TimeBias.TableFloats, chunks, TimeBuckets.Count, CpuDevice.Pointer(time), gradients.TimeBias.Accumulate);
        }

        if (gradients.TimePower is { Factor.Tensor: { } factor, Exponent.Tensor: { } exponent } power)
        {
            TimeBias.Reduce(timeTables, TimeBias.TableFloats, chunks, 1, CpuDevice.Pointer(factor), power.Factor.Accumulate);
            TimeBias.Reduce(timeTables + 1, TimeBias.TableFloats, chunks, 1, CpuDevice.Pointer(exponent), power.Exponent.Accumulate);
        }
    }

    /// <summary>Rows of no sequence get 0; where it would be added, nothing.</summary>
    private void ClearTrailingRows(JaggedLayout layout, GradientTarget target)
    {
        if (layout.TrailingRows > 0 && target is { Tensor: { } tensor, Accumulate: false })
        {
            device.Pointwise.Fill(tensor.SliceRows(layout.Tokens - layout.TrailingRows, layout.TrailingRows), 0);
        }
    }

    private AttentionArguments Arguments(in HstuAttentionInputs inputs, JaggedLayout layout, int* offsets, float* positionTable)
    {
        var arguments = new AttentionArguments
        {
            Queries = CpuDevice.Pointer(inputs.Queries),
            QueryStride = inputs.Queries.RowStride,
            Keys = CpuDevice.Pointer(inputs.Keys),
            KeyStride = inputs.Keys.RowStride,
            Values = CpuDevice.Pointer(inputs.Values),
            ValueStride = inputs.Values.RowStride,
            KeyWidth = inputs.Queries.Columns / inputs.Heads,
            ValueWidth = inputs.Values.Columns / inputs.Heads,
            InverseNormalizer = 1f / inputs.Normalizer,
        };
        LoadBiases(inputs.PositionBias, inputs.TimeBias, inputs.Normalizer, layout, offsets, positionTable, ref arguments);
        return arguments;
    }

    private void LoadBiases(
        Tensor? positionBias, Tensor? timeBias, int normalizer, JaggedLayout layout, int* offsets, float* positionTable, ref AttentionArguments arguments)
    {
        PositionBias.Load(CpuDevice.PointerOrNull(positionBias), normalizer, layout.LongestSequence, positionTable);
        arguments.Offsets = offsets;
        arguments.Longest = layout.LongestSequence;
        arguments.PositionBias = positionTable;
        if (timeBias is { } time && layout.Offsets[^1] > 0)
        {
            var runs = TimeRuns.Of(device, layout);
            arguments.TimeBias = CpuDevice.Pointer(time);
            arguments.Runs = runs.Runs;
            arguments.RunStarts = runs.Starts;
        }
    }
}
