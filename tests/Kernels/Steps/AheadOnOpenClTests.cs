using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Driver;
using LargeRec.Engine.Gpu.OpenCl;
using LargeRec.Engine.Steps;
using LargeRec.Engine.Tensors;
using LargeRec.Kernels.Tests.StandIn;
using LargeRec.Training.Tests;

namespace LargeRec.Kernels.Tests.Steps;

/// <summary>The next batch crosses to an OpenCL device in a queue of its own while a step runs.</summary>
[NonParallelizable]
public sealed class AheadOnOpenClTests
{
    private readonly IlgpuKernelSource _source = new();
    private OpenClBetween _library = null!;

    [OneTimeSetUp]
    public void Build() => _library = OpenClBetween.Build("ahead");

    [SetUp]
    public void Start() => _library.Reset();

    [Test]
    public void The_next_batch_is_copied_before_the_loss_is_waited_for_and_the_bits_are_the_same()
    {
        using (var ahead = Open())
        {
            var losses = new List<float>();
            var next = ahead.Batch(0);
            for (var step = 0; step < 8; step++)
            {
                var batch = next;
                next = ahead.Batch(step + 1);
                _library.ForgetOrder();
                losses.Add(ahead.Trainer.TrainOn(batch, () => next));
                var order = _library.Order;
                var (copy, loss) = (Array.LastIndexOf(order, "clEnqueueWriteBuffer 2"), Array.IndexOf(order, "clEnqueueReadBuffer 1"));
                var launches = order[..copy].Count(c => c == "clEnqueueNDRangeKernel 1");
                Assert.That(launches, Is.EqualTo(order[..loss].Count(c => c == "clEnqueueNDRangeKernel 1")).And.GreaterThan(40),
                    "all of the gradients' kernels are queued");
                Assert.That(order[(copy - 1)..(copy + 3)], Is.EqualTo(new[] { "clFlush 1", "clEnqueueWriteBuffer 2", "clFlush 2", "clEnqueueReadBuffer 1" }));
                Assert.That(order, Does.Not.Contain("clFinish 1"));
            }

            using var plain = new TinyRun(new GpuDevice(OpenClDriver.Open(null), _source));
            for (var step = 0; step < 8; step++)
            {
                Assert.That(plain.Trainer.TrainOn(plain.Batch(step)), Is.EqualTo(losses[step]), $"step {step + 1}");
            }

            Assert.That(ahead.Weights(), Is.EqualTo(plain.Weights()));
        }

        Assert.That(_library.Alive, Is.Zero);
    }

    /// <summary>Each call of the copies fails once: one line, and what comes next arrives whole.</summary>
    [Test]
    public void A_failed_copy_leaves_the_next_one_whole(
        [Values("clEnqueueWriteBuffer", "clEnqueueCopyBuffer", "clFlush", "clWaitForEvents", "clReleaseEvent", "clCreateBuffer",
        "clEnqueueMapBuffer")] string call, [Values(1, 2)] int nth)
    {
        using (var device = new GpuDevice(OpenClDriver.Open(null, _library.Api), _source))
        {
            var inputs = device.NewStepInputs();
            var errors = 0;
            for (var i = 0; i < 10; i++)
            {
                if (i == 2)
                {
                    _library.Fail(call, -777, nth);
                }

                try
                {
                    Assert.That(Cross(device, inputs, i), Is.EqualTo(Enumerable.Range(i, 1000 * (i + 1))), $"{i}");
                }
                catch (GpuException exception)
                {
                    Assert.That(exception.Message, Does.Contain($"{call} failed: code -777"));
                    errors++;
                }
            }

            Assert.That(errors, Is.EqualTo(1));
        }

        Assert.That(_library.Alive, Is.LessThanOrEqualTo(call == "clReleaseEvent" ? 1 : 0));
    }

    [Test]
    public void Taking_what_was_not_sent_is_an_error()
    {
        using var device = new GpuDevice(OpenClDriver.Open(null, _library.Api), _source);
        var inputs = device.NewStepInputs();
        Assert.That(inputs.Send, Throws.InvalidOperationException.With.Message.EqualTo("step inputs: there is nothing to send; call Begin first"));
        using var step = device.BeginStep();
        Assert.That(() => inputs.Take(new IndexTensor[2]),
            Throws.InvalidOperationException.With.Message.EqualTo("step inputs: 2 arrays are taken of 0 that were sent"));
    }

    private static int[] Cross(GpuDevice device, StepInputs inputs, int number)
    {
        var layout = new JaggedLayout([0, 1000]);
        inputs.Begin(layout);
        inputs.Add([.. Enumerable.Range(number, 1000 * (number + 1))]);
        inputs.Send();
        using var step = device.BeginStep();
        var arrays = new IndexTensor[1];
        inputs.Take(arrays);
        return arrays[0].ToArray();
    }

    private TinyRun Open() => new(new GpuDevice(OpenClDriver.Open(null, _library.Api), _source));
}
