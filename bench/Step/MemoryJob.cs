using System.Diagnostics;
using LargeRec.Data.Batching;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Randomness;
using LargeRec.Models.Backbones;

namespace LargeRec.Bench.Step;

/// <summary>What a thousand training steps hold: ragged batches of the published ML-1M setting, a full one reserved for first.</summary>
internal static class MemoryJob
{
    private const int Sequences = 128;
    private const int Length = 200;

    public static int Run()
    {
        using var device = new CpuDevice();
        var trainer = PublishedStep.NewTrainer(device, new HstuOptions { ItemRows = 3953, MaxLength = Length });
        trainer.Reserve(PublishedStep.Batch([.. Enumerable.Repeat(Length, Sequences)], seed: 0));
        var stream = new PhiloxStream(1, "bench.memory");
        var batches = new JaggedBatch[16];
        for (var i = 0; i < batches.Length; i++)
        {
            batches[i] = PublishedStep.Batch([.. Enumerable.Range(0, Sequences).Select(_ => 1 + stream.NextBelow(Length))], seed: (ulong)i);
        }

        for (var step = 1; step <= 1000; step++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            trainer.TrainOn(batches[step % batches.Length]);
            var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            if (step is 10 or 100 or 1000)
            {
                using var process = Process.GetCurrentProcess();
                Console.WriteLine($"step {step,5}: device {device.HeldBytes,12:N0} bytes, managed allocation {allocated,7:N0} bytes, resident "
                    + $"{process.WorkingSet64 / 1e6,6:F1} MB");
            }
        }

        return 0;
    }
}
