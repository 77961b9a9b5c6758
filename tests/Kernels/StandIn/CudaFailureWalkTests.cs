using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Cuda;
using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Engine.Tensors;

namespace LargeRec.Kernels.Tests.StandIn;

/// <summary>
/// Every call of a whole life of a device fails once: the error is one line that names the call and says what to do, nothing is left behind, nothing crashes.
/// </summary>
[NonParallelizable]
public sealed class CudaFailureWalkTests
{
    private readonly StandInLibrary library = StandInLibrary.Build("walk");

    /// <summary>A kernel a text: the walk loads a handful.</summary>
    private readonly IlgpuKernelSource source = new();

    [Test]
    public void A_whole_life_leaves_nothing()
    {
        library.Reset();
        Live();
        Assert.That((library.Alive, library.Leaked, library.Faults), Is.EqualTo((0L, 0L, "")));
    }

    [Test]
    public void Each_call_fails_once()
    {
        library.Reset();
        Live();
        var calls = library.CallNames.ToDictionary(n => n, library.Calls);
        var walked = 0;
        foreach (var (call, count) in calls)
        {
            // The first, the second and the last of many alike.
            foreach (var nth in new HashSet<long> { 1, Math.Min(2, count), (count + 1) / 2, count })
            {
                library.Reset();
                library.Fail(call, nth);
                var error = Caught();
                var where = $"{call}, {nth} of {count}: {error?.Message ?? "no error"}";
                var name = call.Replace("_v2", "", StringComparison.Ordinal);
                var isCleaning = IsCleaning(call) && error is null;
                Assert.That(library.Faults, Is.Empty, where);
                Assert.That(library.Leaked, Is.LessThanOrEqualTo(IsCleaning(call) ? 1 : 0), where);
                Assert.That(library.Alive, Is.LessThanOrEqualTo(call.Contains("CtxRelease", StringComparison.Ordinal) ? 1 : 0), where);
                if (!isCleaning && !IsGuarded(call, error))
                {
                    Assert.That(error, Is.InstanceOf<GpuException>().Or.InstanceOf<KernelException>(), where);
                    Assert.That(error!.Message, Does.Contain(name).And.Contain("CUDA_ERROR_UNKNOWN (999)").And.Contain("nvidia-smi")
                        .And.Not.Contain("\n"), where);
                }

                walked++;
            }
        }

        TestContext.Out.WriteLine($"{walked} failures of {calls.Count} functions");
        Assert.That(calls.Keys, Has.Count.GreaterThan(30));
    }

    /// <summary>Calls that take something down: what fails of them is taken down with the context.</summary>
    private static bool IsCleaning(string call) =>
        call.Contains("Destroy", StringComparison.Ordinal) || call.Contains("Free", StringComparison.Ordinal)
            || call.Contains("Unload", StringComparison.Ordinal) || call.Contains("Release", StringComparison.Ordinal);

    /// <summary>Calls that are made for taking down as well as before: the last of them fails silently.</summary>
    private static bool IsGuarded(string call, Exception? error) => error is null && call is "cuCtxSetCurrent" or "cuStreamSynchronize";

    private Exception? Caught()
    {
        try
        {
            Live();
            return null;
        }
        catch (Exception exception) when (exception is GpuException or KernelException or InsufficientMemoryException)
        {
            return exception;
        }
    }

    /// <summary>Open, allocate, upload, load, launch, read, record, replay, copy ahead, dispose.</summary>
    private void Live()
    {
        using var device = new GpuDevice(CudaDriver.Open(null, library.Path), source);
        var parameter = device.AllocatePersistent(Shape.Matrix(5, 7));
        device.Upload(new float[35], parameter);
        for (var i = 0; i < 2; i++)
        {
            using var step = device.BeginStep();
            var input = device.Upload(new float[35], Shape.Matrix(5, 7));
            var large = device.Allocate(Shape.Matrix(1 << 10, 1 << 10));
            device.Pointwise.Fill(large, 1);
            device.Pointwise.Add(input, parameter);
            _ = parameter.ToArray();
        }

        using (var step = device.BeginStep())
        {
            var input = device.Upload(new float[35], Shape.Matrix(5, 7));
            using var recording = device.Driver.Record(() => device.Pointwise.Add(input, parameter));
            recording.Replay();
            device.Driver.Synchronize();
        }

        var inputs = device.NewStepInputs();
        var layout = new JaggedLayout([0, 3, 5]);
        var arrays = new IndexTensor[1];
        for (var i = 0; i < 3; i++)
        {
            inputs.Begin(layout);
            inputs.Add([1, 2, 3, 4, 5], i * 1000);
            inputs.Send();
            using var step = device.BeginStep();
            inputs.Take(arrays);
            _ = arrays[0].ToArray();
        }

        var kernel = device.Driver.Load(SmallKernels.Image());
        SmallKernels.Launch(device.Driver, kernel, parameter.Block.Slab, 35, sharedBytes: 64 << 10);
        device.Release(parameter);
    }
}
