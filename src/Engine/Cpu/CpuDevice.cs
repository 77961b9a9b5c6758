using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Attention;
using LargeRec.Engine.Cpu.Embedding;
using LargeRec.Engine.Cpu.Losses;
using LargeRec.Engine.Cpu.Normalization;
using LargeRec.Engine.Cpu.Optimizers;
using LargeRec.Engine.Cpu.Pointwise;
using LargeRec.Engine.Cpu.Products;
using LargeRec.Engine.Cpu.Ranking;
using LargeRec.Engine.Cpu.Reduction;
using LargeRec.Engine.Cpu.Sampling;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu;

/// <summary>
/// The CPU: SIMD kernels over chunks that a few threads claim. Results are the same bits for every thread count and, for one SIMD width, on
/// every machine.
/// </summary>
public sealed unsafe class CpuDevice : Device
{
    private readonly CpuProductOperations _products;
    private bool _disposed;

    /// <param name="threads">Threads that compute, the caller's included; 0 takes one a core.</param>
    /// <param name="width">SIMD width; by default the machine's widest.</param>
    /// <exception cref="PlatformNotSupportedException">The machine lacks this width.</exception>
    public CpuDevice(int threads = 0, SimdWidth? width = null)
        : base(new CpuSlabAllocator())
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        Width = width ?? SimdWidths.Widest;
        Workers = new WorkerPool(threads == 0 ? Environment.ProcessorCount : threads, Width);
        Scratch = new CpuScratch();
        _products = new CpuProductOperations(this);
        Pointwise = new CpuPointwiseOperations(this);
        Normalization = new CpuNormalizationOperations(this);
        Attention = new CpuAttentionOperations(this);
        Embedding = new CpuEmbeddingOperations(this);
        Reduction = new CpuReductionOperations(this);
        Sampling = new CpuSamplingOperations(this);
        Loss = new CpuLossOperations(this);
        Optimizer = new CpuOptimizerOperations(this);
        Ranking = new CpuRankingOperations(this);
    }

    public override string Name => $"cpu ({Threads} {(Threads == 1 ? "thread" : "threads")}, {(int)Width}-bit SIMD)";

    public override bool SupportsRowGradients => true;

    /// <summary>Threads that compute.</summary>
    public int Threads => Workers.Count;

    /// <summary>The SIMD width, on which the bits of results depend.</summary>
    public SimdWidth Width { get; }

    public override ProductOperations Products => _products;

    public override PointwiseOperations Pointwise { get; }

    public override NormalizationOperations Normalization { get; }

    public override AttentionOperations Attention { get; }

    public override EmbeddingOperations Embedding { get; }

    public override ReductionOperations Reduction { get; }

    public override SamplingOperations Sampling { get; }

    public override LossOperations Loss { get; }

    public override OptimizerOperations Optimizer { get; }

    public override RankingOperations Ranking { get; }

    internal WorkerPool Workers { get; }

    private protected override long ScratchBytes => Scratch.HeldBytes + _products.ScratchBytes;

    /// <summary>Memory for partial results and packed panels, within an operation.</summary>
    internal CpuScratch Scratch { get; }

    /// <summary>
    /// The most floating-point operations a second that all threads do together: independent chains of multiply-adds in registers, measured now, the best of a
    /// few rounds of some milliseconds.
    /// </summary>
    public double MeasurePeakFlops() => FmaCeiling.Measure(Workers) * 1e9;

    public override void Upload(ReadOnlySpan<float> values, Tensor destination)
    {
        Check.Arrays("upload", this, destination);
        Check.That(values.Length == destination.Shape.Count, "upload", $"{values.Length} values do not fill a tensor of shape {destination.Shape}");
        for (var row = 0; row < destination.Rows; row++)
        {
            values.Slice(row * destination.Columns, destination.Columns)
                .CopyTo(new Span<float>(Pointer(destination) + ((long)row * destination.RowStride), destination.Columns));
        }
    }

    public override void Upload(ReadOnlySpan<int> values, IndexTensor destination)
    {
        Check.Arrays("upload", this, destination);
        Check.Length("upload", "the destination", destination, values.Length);
        values.CopyTo(new Span<int>(Pointer(destination), destination.Length));
    }

    public override void Download(Tensor source, Span<float> destination)
    {
        Check.Arrays("download", this, source);
        Check.That(destination.Length == source.Shape.Count, "download", $"{destination.Length} places do not take a tensor of shape {source.Shape}");
        for (var row = 0; row < source.Rows; row++)
        {
            new ReadOnlySpan<float>(Pointer(source) + ((long)row * source.RowStride), source.Columns)
                .CopyTo(destination.Slice(row * source.Columns, source.Columns));
        }
    }

    public override void Download(IndexTensor source, Span<int> destination)
    {
        Check.Arrays("download", this, source);
        Check.Length("download", "the source", source, destination.Length);
        new ReadOnlySpan<int>(Pointer(source), source.Length).CopyTo(destination);
    }

    /// <summary>The first value of a tensor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float* Pointer(Tensor tensor) => (float*)(tensor.Block.Slab + (nint)tensor.Block.ByteOffset) + tensor.Offset;

    /// <summary>The first value of a tensor, or null where there is none.</summary>
    internal static float* PointerOrNull(Tensor? tensor) => tensor is null ? null : Pointer(tensor);

    internal static int* PointerOrNull(IndexTensor? tensor) => tensor is null ? null : Pointer(tensor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int* Pointer(IndexTensor tensor) => (int*)(tensor.Block.Slab + (nint)tensor.Block.ByteOffset) + tensor.Offset;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && !_disposed)
        {
            _disposed = true;
            Workers.Dispose();
            _products.Dispose();
            Scratch.Dispose();
        }
    }
}
