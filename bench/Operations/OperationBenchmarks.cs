using BenchmarkDotNet.Attributes;
using LargeRec.Autograd;
using LargeRec.Cases;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Tensors;

namespace LargeRec.Bench.Operations;

/// <summary>Every case of the one list of operation cases, for BenchmarkDotNet: forward alone, and forward with backward.</summary>
public class OperationBenchmarks : IDisposable
{
    private CpuDevice _device = null!;
    private Named<Variable> _inputs = null!;
    private Tensor _upstream = null!;

    /// <summary>What the name of a case must hold to be measured; empty for all.</summary>
    public static string Wanted => Environment.GetEnvironmentVariable(BenchmarksJob.CaseVariable) ?? "";

    /// <summary>The sizes of the published step first, then the small shapes of the tests.</summary>
    public static IEnumerable<OperationCase> Cases =>
        OperationCases.PublishedStep.Concat(OperationCases.All).Where(c => c.Name.Contains(Wanted, StringComparison.OrdinalIgnoreCase)).DistinctBy(c => c.Name);

    [ParamsSource(nameof(Cases))]
    public OperationCase Case { get; set; } = null!;

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Start()
    {
        _device = new CpuDevice(Threads);
        _inputs = CaseRunner.Upload(Case, _device);
        using var step = _device.BeginStep();
        var shape = Case.Run(new Tape(_device), _inputs).Shape;
        _upstream = _device.AllocatePersistent(shape);
        _device.Pointwise.Fill(_upstream, 1);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _device?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public void Forward()
    {
        using var step = _device.BeginStep();
        Case.Run(new Tape(_device), _inputs);
    }

    [Benchmark]
    public void ForwardAndBackward()
    {
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        tape.Backward(Case.Run(tape, _inputs), _upstream);
    }
}
