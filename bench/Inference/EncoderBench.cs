using LargeRec.Bench.Paired;
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

    public void Run()
    {
        Console.WriteLine($"  {$"{Known} events known, 1 new",-40} {"p50 ms",8} {"p99 ms",8} {"all anew",8} {"p99 ms",8} {"ratio",6}");
        foreach (var (name, options) in JobSetting.All.Where(s => s.Options.MaxLength > Known).Select(s => (s.Title, s.Options)))
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
