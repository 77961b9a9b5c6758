using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Reduction;

internal sealed unsafe class CpuReductionOperations(CpuDevice device) : ReductionOperations(device)
{
    private readonly CpuDevice _device = device;

    protected override void SumRowsCore(Tensor x, GradientTarget output)
    {
        var stride = PartialRows.Stride(x.Columns);
        var chunks = SumRowsJob.Chunks(x.Rows);
        using var scratch = _device.Scratch.Rent((long)stride * chunks);
        var job = new SumRowsJob(CpuDevice.Pointer(x), x.Rows, x.Columns, x.RowStride, scratch.Pointer, stride);
        _device.Workers.Run(chunks, ref job);
        PartialRows.Add(scratch.Pointer, stride, chunks, output);
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
