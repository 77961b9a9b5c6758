using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Kernels.Tests.Interpretation;

namespace LargeRec.Kernels.Tests;

/// <summary>A device that executes the CUDA kernels by the interpreter of PTX: every operation can be tested as the very text that a driver would
/// get.</summary>
internal sealed class InterpretedDriver : GpuDriver
{
    private readonly PtxInterpreter interpreter = new();
    private readonly List<PtxBuffer?> slabs = [];
    private readonly List<PtxKernel> kernels = [];

    public override string Name => "PTX interpreter";

    public override KernelTarget Target => KernelTarget.Sm80;

    public override int MostThreadsPerGroup => 1024;

    public override long SharedBytesPerGroup => 48 << 10;

    /// <summary>What the launches so far have executed, by kernel.</summary>
    public Dictionary<string, List<LaunchReport>> Reports { get; } = new(StringComparer.Ordinal);

    public override nint Allocate(long bytes)
    {
        slabs.Add(interpreter.AllocateUnwritten<byte>(checked((int)bytes), $"slab {slabs.Count + 1}"));
        return slabs.Count;
    }

    public override void Free(nint slab, long bytes)
    {
        interpreter.Free(Slab(slab));
        slabs[(int)slab - 1] = null;
    }

    public override void Write(nint slab, long byteOffset, ReadOnlySpan<byte> values) => Slab(slab).Write(byteOffset, values);

    public override void WriteAhead(nint landing, long byteOffset, ReadOnlySpan<byte> values) => Write(landing, byteOffset, values);

    public override void CopyArrived(nint landing, ReadOnlySpan<ArrivedPart> parts)
    {
        foreach (var part in parts)
        {
            var values = new byte[part.Bytes];
            Slab(landing).Read(part.From, values);
            Slab(part.Slab).Write(part.To, values);
        }
    }

    public override void Read(nint slab, long byteOffset, Span<byte> values) => Slab(slab).Read(byteOffset, values);

    public override nint Load(KernelImage image)
    {
        kernels.Add(PtxModule.Parse(image.Text)[image.EntryPoint]);
        return kernels.Count;
    }

    public override void Launch(nint kernel, KernelImage image, int groups, int threadsPerGroup, int sharedBytes, ReadOnlySpan<KernelArgument> arguments)
    {
        var given = new PtxArgument[arguments.Length];
        for (var i = 0; i < given.Length; i++)
        {
            given[i] = arguments[i].Kind == KernelParameter.View ? Slab(arguments[i].Slab).View<int>(0, arguments[i].Value)
                : (PtxArgument)(int)arguments[i].Value;
        }

        var report = interpreter.Launch(kernels[(int)kernel - 1], groups, threadsPerGroup, new LaunchOptions { DynamicSharedBytes = sharedBytes }, given);
        if (!Reports.TryGetValue(image.Name, out var reports))
        {
            Reports[image.Name] = reports = [];
        }

        reports.Add(report);
    }

    public override void Synchronize()
    {
    }

    public override void Dispose()
    {
    }

    private PtxBuffer Slab(nint slab) => slabs[(int)slab - 1] ?? throw new InvalidOperationException($"slab {slab} is used after it was freed");
}
