using LargeRec.Engine.Cpu;
using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;
using LargeRec.Models;
using LargeRec.Models.Backbones;

namespace LargeRec.Bench.Inference;

/// <summary>The query after one more event of a known history, beside encoding all of its events again.</summary>
internal sealed class EncoderBench(CpuDevice device, int calls)
{
    private const int Known = 190;

    private static readonly (string Name, HstuOptions Options)[] Models =
    [
        ("ML-1M, 2 blocks, D 50", new HstuOptions { ItemRows = 3953 }),
        ("ML-1M large, 8 blocks, D 50", new HstuOptions { ItemRows = 3953, Layers = 8, Heads = 2, Dqk = 25, Dv = 25 }),
        ("ML-20M, 4 blocks, D 256", new HstuOptions { ItemRows = 20_000, Layers = 4, Width = 256, Heads = 4, Dqk = 64, Dv = 64 }),
    ];

    public void Run()
    {
        Console.WriteLine($"  {$"{Known} events known, 1 new",-40} {"p50 ms",8} {"p99 ms",8} {"all anew",8} {"p99 ms",8} {"ratio",6}");
        foreach (var (name, options) in Models)
        {
            var model = new Hstu(device, options, seed: 1);
            var (items, seconds) = Events(options.ItemRows);
            SequenceCache? cache = null;
            var grown = Latencies.Of(calls, _ => More(cache!), _ => Renew());
            cache?.Dispose();
            var whole = Latencies.Of(Math.Max(20, calls / 4), _ => Whole());
            Console.WriteLine($"  {name,-40} {grown.Median,8:F3} {grown.P99,8:F3} {whole.Median,8:F3} {whole.P99,8:F3} {whole.Median / grown.Median,6:F1}");

            void Renew()
            {
                cache?.Dispose();
                cache = model.NewCache(device);
                for (var i = 0; i < Known; i++)
                {
                    cache.Append(items[i], seconds[i]);
                }

                using var step = device.BeginStep();
                cache.Query(seconds[Known]);
            }

            void More(SequenceCache known)
            {
                known.Append(items[Known], seconds[Known]);
                using var step = device.BeginStep();
                known.Query(seconds[Known + 1]);
            }

            void Whole()
            {
                using var step = device.BeginStep();
                var layout = new JaggedLayout([0, Known + 1], seconds.AsSpan(0, Known + 1), seconds.AsSpan(1, Known + 1));
                model.Encode(ForwardContext.Inference(device), new SequenceBatch(layout, device.Upload(items.AsSpan(0, Known + 1))));
            }
        }
    }

    private static (int[] Items, int[] Seconds) Events(int itemRows)
    {
        var stream = new PhiloxStream(4, "events");
        var (items, seconds) = (new int[Known + 2], new int[Known + 2]);
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = 1 + stream.NextBelow(itemRows - 1);
            seconds[i] = (i == 0 ? 0 : seconds[i - 1]) + (stream.NextBelow(40) == 0 ? 60_000 : stream.NextBelow(100));
        }

        return (items, seconds);
    }
}
