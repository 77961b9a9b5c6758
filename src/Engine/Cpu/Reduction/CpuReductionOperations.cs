using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Reduction;

internal sealed unsafe class CpuReductionOperations(CpuDevice device) : ReductionOperations(device)
{
    private readonly CpuDevice _device = device;

    protected override void SumRowsCore(Tensor x, GradientTarget output)
    {
        var sum = CpuDevice.Pointer(output.Tensor!);
        if (!output.Accumulate)
        {
            new Span<float>(sum, x.Columns).Clear();
        }

        // Partial sums, and then one more row of their sum: each chunk's is added in the order of the chunks.
        var stride = (x.Columns + 15) / 16 * 16;
        var chunks = SumRowsJob.Chunks(x.Rows);
        using var scratch = _device.Scratch.Rent((long)stride * (chunks + 1));
        var job = new SumRowsJob(CpuDevice.Pointer(x), x.Rows, x.Columns, x.RowStride, scratch.Pointer, stride);
        _device.Workers.Run(chunks, ref job);
        if (chunks == 0)
        {
            return;
        }

        var total = scratch.Pointer + ((long)chunks * stride);
        for (var c = 0; c < x.Columns; c++)
        {
            total[c] = scratch.Pointer[c];
        }

        for (var chunk = 1; chunk < chunks; chunk++)
        {
            var partial = scratch.Pointer + ((long)chunk * stride);
            for (var c = 0; c < x.Columns; c++)
            {
                total[c] += partial[c];
            }
        }

        for (var c = 0; c < x.Columns; c++)
        {
            sum[c] += total[c];
        }
    }

    // A chunk of finite values gives 0, one with NaN or infinity NaN.
    protected override bool AllFiniteCore(Tensor x) => Sum<FiniteTerm>(x) == 0;

    protected override double SumOfSquaresCore(ReadOnlySpan<Tensor> tensors)
    {
        double sum = 0;
        foreach (var tensor in tensors)
        {
            sum += Sum<SquareTerm>(tensor);
        }

        return sum;
    }

    /// <summary>Σ term(x), each chunk's added in the order of the chunks.</summary>
    private double Sum<TTerm>(Tensor x)
        where TTerm : struct, ITerm
    {
        var split = RowSplit.OfValues(x);
        using var scratch = _device.Scratch.Rent(split.Chunks);
        var job = new SumJob<TTerm>(split, CpuDevice.Pointer(x), split.StrideOf(x), scratch.Pointer);
        _device.Workers.Run(split.Chunks, ref job);
        double sum = 0;
        foreach (var chunk in new ReadOnlySpan<float>(scratch.Pointer, split.Chunks))
        {
            sum += chunk;
        }

        return sum;
    }
}
