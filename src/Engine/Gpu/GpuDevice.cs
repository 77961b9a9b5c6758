using System.Runtime.InteropServices;
using LargeRec.Engine.Gpu.Attention;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Cuda;
using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.Embedding;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Engine.Gpu.Losses;
using LargeRec.Engine.Gpu.Normalization;
using LargeRec.Engine.Gpu.OpenCl;
using LargeRec.Engine.Gpu.Optimizers;
using LargeRec.Engine.Gpu.Pointwise;
using LargeRec.Engine.Gpu.Products;
using LargeRec.Engine.Gpu.Ranking;
using LargeRec.Engine.Gpu.Reduction;
using LargeRec.Engine.Gpu.Sampling;
using LargeRec.Engine.Gpu.Steps;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Steps;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu;

/// <summary>
/// A device behind a driver: every operation is one kernel or a few of the catalogue, launched in order in one queue. Nothing is added by atomics, so the same
/// input gives the same bits on the same device.
/// </summary>
public sealed class GpuDevice : Device
{
    /// <summary>Recordings that are kept, those used last: each is an executable graph in the driver's memory.</summary>
    private const int MostRecordings = 32;

    private readonly IKernelSource _source;
    private readonly Dictionary<string, LoadedKernel> _kernels = [];
    private readonly Dictionary<(string, Type, string), LoadedKernel> _functionKernels = [];
    private readonly Dictionary<string, KernelEntry> _entries = KernelCatalogue.All.ToDictionary(e => e.Name);
    private readonly KernelLaunch _launch;
    private int[] _hostBuffer = [];

    /// <param name="driver">Disposed with the device.</param>
    /// <param name="source">Where kernels come from.</param>
    /// <param name="mostRecordings">
    /// Recordings of steps that are kept, where the driver can record; 0: steps are launched kernel by kernel, with the same bits.
    /// </param>
    /// <param name="selection">Which variants are taken; null for the defaults.</param>
    internal GpuDevice(GpuDriver driver, IKernelSource source, int mostRecordings = MostRecordings, KernelSelection? selection = null)
        : this(driver, source, new StepRecordings(driver, mostRecordings), selection ?? new KernelSelection())
    {
    }

    private GpuDevice(GpuDriver driver, IKernelSource source, StepRecordings recordings, KernelSelection selection)
        : base(recordings)
    {
        (Driver, Name, _source, Recordings, Selection) = (driver, driver.Name, source, recordings, selection);
        _launch = new KernelLaunch(this);
        StepNumbers = new StepNumbers(this);
        Products = new GpuProductOperations(this);
        Pointwise = new GpuPointwiseOperations(this);
        Normalization = new GpuNormalizationOperations(this);
        Attention = new GpuAttentionOperations(this);
        Embedding = new GpuEmbeddingOperations(this);
        Reduction = new GpuReductionOperations(this);
        Sampling = new GpuSamplingOperations(this);
        Loss = new GpuLossOperations(this);
        Optimizer = new GpuOptimizerOperations(this);
        Ranking = new GpuRankingOperations(this);
    }

    public override string Name { get; }

    public override ProductOperations Products { get; }

    public override PointwiseOperations Pointwise { get; }

    public override NormalizationOperations Normalization { get; }

    public override AttentionOperations Attention { get; }

    public override EmbeddingOperations Embedding { get; }

    public override ReductionOperations Reduction { get; }

    public override SamplingOperations Sampling { get; }

    public override LossOperations Loss { get; }

    public override OptimizerOperations Optimizer { get; }

    public override RankingOperations Ranking { get; }

    internal GpuDriver Driver { get; }

    internal StepNumbers StepNumbers { get; }

    /// <summary>The variants of kernels that it takes and would not by default (<see cref="KernelSelection.Describe"/>); null for none.</summary>
    public string? Variants => Selection.Describe(Name);

    /// <summary>Which variants are taken.</summary>
    internal KernelSelection Selection { get; private set; }

    /// <summary>Where the names of launched kernels are noted; null for nowhere.</summary>
    internal ISet<string>? Launched { get; set; }

    internal StepRecordings Recordings { get; }

    /// <summary>Opens an OpenCL device.</summary>
    /// <param name="kernels">Where kernels come from.</param>
    /// <param name="which">Its index in the order of <see cref="OpenClDevices.List()"/>, or part of its name; null for the first.</param>
    /// <param name="variants">Which variants of kernels are taken; null for the defaults.</param>
    /// <exception cref="GpuException">There is no OpenCL library or no such device.</exception>
    public static GpuDevice OpenCl(IKernelSource kernels, string? which = null, KernelSelection? variants = null) =>
        new(OpenClDriver.Open(which), kernels, selection: variants);

    /// <summary>Opens a CUDA device of compute capability 8.0 or later.</summary>
    /// <param name="kernels">Where kernels come from.</param>
    /// <param name="which">Its index in the order of <see cref="CudaDevices.List()"/>, or part of its name; null for the first.</param>
    /// <param name="variants">Which variants of kernels are taken; null for the defaults.</param>
    /// <exception cref="GpuException">There is no driver or no such device.</exception>
    public static GpuDevice Cuda(IKernelSource kernels, string? which = null, KernelSelection? variants = null) =>
        new(CudaDriver.Open(which), kernels, selection: variants);

    public override int PaddedRows(int tokens) => Driver.CanRecord ? SizeClass.Of(tokens) : tokens;

    public override StepInputs NewStepInputs() => new GpuStepInputs(this);

    public override bool Repeat(in StepKey key, in StepValues values, Action compute, JaggedLayout? layout = null, params ReadOnlySpan<IndexTensor> inputs)
    {
        if (!Driver.CanRecord)
        {
            return base.Repeat(key, values, compute, layout, inputs);
        }

        StepNumbers.Set(values);
        if (layout is null)
        {
            return Recordings.Run(key, Pool, inputs, compute);
        }

        var (rows, offsets) = GpuLayout.Of(this, layout);
        return Recordings.Run(key, Pool, [.. inputs, rows, offsets], compute);
    }

    public override void Upload(ReadOnlySpan<float> values, Tensor destination)
    {
        Check.Arrays("upload", this, destination);
        Check.That(values.Length == destination.Shape.Count, "upload", $"{values.Length} values do not fill a tensor of shape {destination.Shape}");
        if (values.IsEmpty)
        {
            return;
        }

        var rowsAtOnce = destination.IsContiguous ? destination.Rows : 1;
        for (var row = 0; row < destination.Rows; row += rowsAtOnce)
        {
            Driver.Write(destination.Block.Slab, ByteOffset(destination, row),
                MemoryMarshal.AsBytes(values.Slice(row * destination.Columns, rowsAtOnce * destination.Columns)));
        }
    }

    public override void Upload(ReadOnlySpan<int> values, IndexTensor destination)
    {
        Check.Arrays("upload", this, destination);
        Check.Length("upload", "the destination", destination, values.Length);
        (destination.Range, destination.KnownValues) = (RangeOf(values), null);
        UploadPart(destination, 0, values);
    }

    public override void Download(Tensor source, Span<float> destination)
    {
        Check.Arrays("download", this, source);
        Check.That(destination.Length == source.Shape.Count, "download", $"{destination.Length} places do not take a tensor of shape {source.Shape}");
        if (destination.IsEmpty)
        {
            return;
        }

        var rowsAtOnce = source.IsContiguous ? source.Rows : 1;
        for (var row = 0; row < source.Rows; row += rowsAtOnce)
        {
            Driver.Read(source.Block.Slab, ByteOffset(source, row),
                MemoryMarshal.AsBytes(destination.Slice(row * source.Columns, rowsAtOnce * source.Columns)));
        }
    }

    public override void Download(IndexTensor source, Span<int> destination)
    {
        Check.Arrays("download", this, source);
        Check.Length("download", "the source", source, destination.Length);
        if (!destination.IsEmpty)
        {
            Driver.Read(source.Block.Slab, source.Block.ByteOffset + (source.Offset * sizeof(int)), MemoryMarshal.AsBytes(destination));
        }
    }

    internal void UploadPart(IndexTensor destination, int first, ReadOnlySpan<int> values)
    {
        if (!values.IsEmpty)
        {
            Driver.Write(destination.Block.Slab, destination.Block.ByteOffset + ((destination.Offset + first) * sizeof(int)), MemoryMarshal.AsBytes(values));
        }
    }

    /// <summary>A launch of a kernel of the catalogue, loaded when it is first asked for.</summary>
    internal KernelLaunch Kernel(string name)
    {
        if (!_kernels.TryGetValue(name, out var kernel))
        {
            kernel = LoadKernel(name);
            _kernels[name] = kernel;
        }

        return _launch.Of(kernel);
    }

    /// <summary>Takes other variants from now on; what is recorded stays as it is.</summary>
    internal void Select(KernelSelection selection) => Selection = selection;

    /// <summary>The variant that is taken for a shape.</summary>
    /// <exception cref="NotSupportedException">One is forced that does not take it.</exception>
    internal KernelVariant VariantOf(KernelFamily family, KernelShape shape) => Selection.Choose(
        Name, Driver.Target, Driver.SharedBytesPerGroup, family, shape);

    /// <summary>A launch of a pointwise function's kernel.</summary>
    /// <param name="prefix">Family and operation, "pointwise.forward".</param>
    /// <param name="variant">The variant's name.</param>
    internal KernelLaunch Kernel<TFunction>(string prefix, string variant = KernelFamilies.Plain)
    {
        if (!_functionKernels.TryGetValue((prefix, typeof(TFunction), variant), out var kernel))
        {
            kernel = LoadKernel($"{prefix}-{typeof(TFunction).Name.ToLowerInvariant()}.{variant}");
            _functionKernels[(prefix, typeof(TFunction), variant)] = kernel;
        }

        return _launch.Of(kernel);
    }

    /// <summary>Every id is from 0 to rows − 1: by what is known of them, else by fetching them.</summary>
    /// <exception cref="ArgumentException">One is not; it and its place are named.</exception>
    internal void RequireIds(string operation, IndexTensor ids, int rows, string what = "id")
    {
        if (!AreWithin(ids, rows, out var values))
        {
            TableIds.ThrowIfOutside(operation, values, rows, what);
        }

        if (Recordings.IsRecording)
        {
            Recordings.Checked(ids, again => RequireIds(operation, again, rows, what));
        }
    }

    /// <summary>Whether every id is from 0 to rows − 1.</summary>
    /// <param name="values">The ids, where one is not.</param>
    internal static bool AreWithin(IndexTensor ids, int rows, out int[] values)
    {
        values = [];
        if (ids.Length == 0 || (ids.Range is { } range && range.Smallest >= 0 && range.Largest < rows))
        {
            return true;
        }

        values = ids.ToArray();
        ids.Range = RangeOf(values);
        return ids.Range is { } found && found.Smallest >= 0 && found.Largest < rows;
    }

    /// <summary>Memory of the host for the time of an operation: it grows to the largest that was asked for and stays, so that a step allocates none.</summary>
    internal Span<int> HostBuffer(int length)
    {
        if (_hostBuffer.Length < length)
        {
            _hostBuffer = new int[Math.Max(length, 2 * _hostBuffer.Length)];
        }

        return _hostBuffer.AsSpan(0, length);
    }

    protected override void Dispose(bool disposing)
    {
        try
        {
            base.Dispose(disposing);
        }
        finally
        {
            if (disposing)
            {
                Driver.Dispose();
            }
        }
    }

    internal static (int Smallest, int Largest)? RangeOf(ReadOnlySpan<int> values)
    {
        if (values.IsEmpty)
        {
            return null;
        }

        var (smallest, largest) = (int.MaxValue, int.MinValue);
        foreach (var value in values)
        {
            (smallest, largest) = (Math.Min(smallest, value), Math.Max(largest, value));
        }

        return (smallest, largest);
    }

    private static long ByteOffset(Tensor tensor, int row) => tensor.Block.ByteOffset + ((tensor.Offset + ((long)row * tensor.RowStride)) * sizeof(float));

    private LoadedKernel LoadKernel(string name)
    {
        var entry = _entries.TryGetValue(name, out var found) ? found : throw new NotSupportedException($"{Name}: there is no kernel '{name}'");
        var image = _source.Load(name, Driver.Target);
        return new LoadedKernel(entry, image, Driver.Load(image));
    }
}
