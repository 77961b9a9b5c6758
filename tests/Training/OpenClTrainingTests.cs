using LargeRec.Data.Batching;
using LargeRec.Engine;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Driver;
using LargeRec.Kernels;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Evaluation;
using LargeRec.Retrieval.Ranking;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Training.Tests;

/// <summary>A training on an OpenCL device beside the same one on the CPU: losses, ranks, memory, and going on elsewhere.</summary>
public sealed class OpenClTrainingTests
{
    private readonly IlgpuKernelSource _kernels = new();

    [Test]
    public void Losses_are_those_of_the_CPU_over_the_first_100_steps()
    {
        using var gpu = new TinyRun(Open());
        using var cpu = new TinyRun();
        CompareLosses(gpu, cpu);
    }

    [Test]
    [Explicit("takes some five minutes of processor time on PoCL")]
    [Category("ML-100K")]
    public void Losses_of_ML_100K_are_those_of_the_CPU_over_the_first_100_steps()
    {
        if (Environment.GetEnvironmentVariable("LARGEREC_DATA") is not { Length: > 0 } folder)
        {
            Assert.Ignore("LARGEREC_DATA is not set: it names the folder that has ml-100k");
            return;
        }

        var configuration = EmbeddedConfigurations.Find("ml-100k").Read([]);
        using var gpu = new TinyRun(Open(), configuration, folder);
        using var cpu = new TinyRun(new CpuDevice(2), configuration, folder);
        CompareLosses(gpu, cpu);
    }

    /// <summary>Every backbone has its kernels, and dropout on a GPU is the CPU's.</summary>
    [TestCase("hstu-production", "bias=both")]
    [TestCase("llama", "kv_heads=1")]
    [TestCase("gpt", "norm=rms")]
    [TestCase("gpt-post", "layers=1")]
    [TestCase("sasrec", "residual=post-norm")]
    [TestCase("sasrec-original", "layers=1")]
    [TestCase("sasrec-bias", "bias=position")]
    [TestCase("fuxi-alpha", "layers=1")]
    [TestCase("fuxi-beta", "layers=1")]
    [TestCase("ligr", "layers=1")]
    [TestCase("hstu", "weighting=softmax")]
    [TestCase("hstu", "gate=false")]
    [TestCase("hstu", "bias=rope")]
    public void Losses_of_every_backbone_are_those_of_the_CPU(string backbone, string key)
    {
        string[] overrides = [$"model.backbone={backbone}", $"model.{key}", "model.width=8", "model.heads=2", "model.dqk=4", "model.dv=4", "model.dropout=0.2"];
        using var gpu = new TinyRun(Open(), false, overrides);
        using var cpu = new TinyRun(false, overrides);
        CompareLosses(gpu, cpu, steps: 10);
    }

    [Test]
    public void Two_trainings_have_the_same_bits()
    {
        using var first = new TinyRun(Open(), false, "optimizer.clip_norm=0.5");
        using var second = new TinyRun(Open(), false, "optimizer.clip_norm=0.5");
        for (var step = 0; step < 10; step++)
        {
            Assert.That(second.Trainer.TrainOn(second.Batch(step)), Is.EqualTo(first.Trainer.TrainOn(first.Batch(step))));
        }

        Assert.That(second.Weights(), Is.EqualTo(first.Weights()));
    }

    [Test]
    public void Ranks_are_those_of_the_CPU_but_for_equal_scores()
    {
        using var cpu = new TinyRun();
        for (var step = 0; step < 60; step++)
        {
            cpu.Trainer.TrainOn(cpu.Batch(step));
        }

        using var gpu = new TinyRun(Open());
        CopyWeights(cpu, gpu);
        var examples = cpu.Data.Split.Test;
        var onGpu = Ranks(gpu);
        Assert.That(Compare(gpu, cpu).LargestGap, Is.LessThanOrEqualTo(1e-5));
        Assert.That(onGpu, Has.Some.GreaterThan(1));

        // Planted: a weight that is another, and ranks that are not due to rounding.
        var weights = gpu.Model.Parameters[0].Value;
        gpu.Device.Upload([.. weights.ToArray().Select((w, i) => i % 7 == 0 ? w + 0.3f : w)], weights);
        Assert.That(Compare(gpu, cpu).LargestGap, Is.GreaterThan(1e-3));

        int[] Ranks(TinyRun run)
        {
            using var pass = new RankingPass(run.Model, run.Device, run.Data.Sequences.Catalogue.Candidates);
            return pass.Ranks(run.Data.Sequences, examples, 16, filterHistory: true);
        }

        RankAgreement Compare(TinyRun run, TinyRun with) =>
            RankAgreement.Of(Ranks(run), with.Model, with.Device, with.Data, examples, TinyRun.Configuration().Evaluation);
    }

    [Test]
    public void A_step_takes_no_more_memory_than_the_one_before()
    {
        using var run = new TinyRun(Open(), false, "optimizer.clip_norm=0.5");
        var longest = run.Data.Split.Training.ToArray().OrderByDescending(e => e.Length).Take(16).ToArray();
        var batch = new JaggedBatch();
        batch.Fill(run.Data.Sequences, longest);
        run.Trainer.Reserve(batch);
        var held = 0L;
        var allocated = new List<long>();
        for (var step = 0; step < 1000; step++)
        {
            run.Sampler.Fill(batch, step);
            var before = GC.GetAllocatedBytesForCurrentThread();
            run.Trainer.TrainOn(batch);
            allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            held = step == 9 ? run.Device.HeldBytes : held;
        }

        TestContext.Out.WriteLine($"{allocated[10..].Min()} to {allocated[10..].Max()} bytes a step, {held} bytes on the device");
        Assert.That(run.Device.HeldBytes, Is.EqualTo(held), "of the device at steps 10 and 1,000");
        Assert.That(allocated[10..], Has.All.LessThanOrEqualTo(64 * 1024));
        Assert.That(allocated[999], Is.EqualTo(allocated[9]), "of the host");
    }

    [Test]
    public void A_run_goes_on_on_another_kind_of_device_only_where_other_bits_are_allowed()
    {
        using var folder = new TemporaryFolder();
        var configuration = TinyRun.Configuration("training.epochs=1");
        using var device = Open();
        using var cpu = new CpuDevice(2);
        TrainingRun.Execute(configuration, cpu, InFolder("cpu"));
        TrainingRun.Execute(configuration, device, InFolder("gpu"));
        Assert.That(RunEnvironment.Read(Path.Combine(folder["gpu"], "environment.json")).Device, Is.EqualTo(device.Name));

        Refuses("cpu", device, cpu.Name, device.Name);
        Refuses("gpu", cpu, device.Name, cpu.Name);
        Assert.That(TrainingRun.Resume(folder["gpu"], device, Longer(false)), Is.Not.Null, "on the same device");
        Assert.That(TrainingRun.Resume(folder["cpu"], device, Longer(true)), Is.Not.Null);
        Assert.That(RunEnvironment.Read(Path.Combine(folder["cpu"], "environment.json")).Device, Is.EqualTo(device.Name));

        TrainingRunOptions InFolder(string run) => new()
        {
            RunDirectory = folder[run],
        };

        void Refuses(string run, Device on, string begun, string now) => Assert.That(
            () => TrainingRun.Resume(folder[run], on, Longer(false)),
            Throws.TypeOf<RunFolderException>().With.Message.Contains($"begun on {begun} and this device is {now}")
            .And.Message.Contains("--allow-different-bits"));

        static ResumeOptions Longer(bool allow) => new()
        {
            Overrides = ["training.epochs=2"],
            AllowDifferentBits = allow,
        };
    }

    [Test]
    public void A_run_goes_on_with_other_variants_of_kernels_only_where_other_bits_are_allowed()
    {
        using var folder = new TemporaryFolder();
        using (var device = Open())
        {
            TrainingRun.Execute(TinyRun.Configuration("training.epochs=1"), device, new TrainingRunOptions { RunDirectory = folder["run"] });
        }

        using var tiled = Open(new KernelSelection(["product=tiled"]));
        Assert.That(
            () => TrainingRun.Resume(folder["run"], tiled, new ResumeOptions { Overrides = ["training.epochs=2"] }),
            Throws.TypeOf<RunFolderException>().With.Message.Contains("begun with the default kernels and this device takes the kernels product=tiled")
            .And.Message.Contains("--allow-different-bits"));
        var options = new ResumeOptions { Overrides = ["training.epochs=2"], AllowDifferentBits = true };
        Assert.That(TrainingRun.Resume(folder["run"], tiled, options), Is.Not.Null);
        Assert.That(RunEnvironment.Read(Path.Combine(folder["run"], "environment.json")).Kernels, Is.EqualTo("product=tiled"));
    }

    private static void CompareLosses(TinyRun gpu, TinyRun cpu, int steps = 100)
    {
        var (worst, last) = (0.0, 0.0);
        for (var step = 0; step < steps; step++)
        {
            var (actual, expected) = (gpu.Trainer.TrainOn(gpu.Batch(step)), cpu.Trainer.TrainOn(cpu.Batch(step)));
            (worst, last) = (Math.Max(worst, Math.Abs(actual - expected)), expected);
            Assert.That(actual, Is.EqualTo(expected).Within(1e-3), $"step {step + 1}");
        }

        TestContext.Out.WriteLine($"losses differ by {worst:G3} at most; that of step {steps} is {last:F4}");
    }

    private static void CopyWeights(TinyRun from, TinyRun to)
    {
        foreach (var (source, target) in from.Model.Parameters.Zip(to.Model.Parameters))
        {
            to.Device.Upload(source.Value.ToArray(), target.Value);
        }
    }

    /// <summary>The first OpenCL device; without one the test is skipped and says so.</summary>
    private GpuDevice Open(KernelSelection? variants = null)
    {
        try
        {
            return GpuDevice.OpenCl(_kernels, variants: variants);
        }
        catch (GpuException exception)
        {
            Assert.Ignore($"{exception.Message} (Debian: pocl-opencl-icd ocl-icd-libopencl1)");
            throw;
        }
    }
}
