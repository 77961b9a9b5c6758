using LargeRec.Bench.Ceilings;
using LargeRec.Models.Backbones;
using LargeRec.Training.Optimizers;

namespace LargeRec.Bench.Growth;

/// <summary>How time and memory of a training step grow with one size at a time, beside floors from ceilings measured in the same run.</summary>
internal static class GrowthJob
{
    private static readonly string[] Curves = ["tokens", "length", "catalogue", "threads", "layers"];

    public static int Run(string[] args)
    {
        var wanted = args.Where((a, i) => !a.StartsWith("--", StringComparison.Ordinal) && (i == 0 || !args[i - 1].StartsWith("--", StringComparison.Ordinal)))
            .ToArray();
        if (wanted.Except(Curves).FirstOrDefault() is { } unknown)
        {
            Console.Error.WriteLine($"growth: there is no curve '{unknown}'; there are {string.Join(", ", Curves)}");
            return 2;
        }

        var threads = Arguments.Number(args, "--threads", Environment.ProcessorCount);
        var steps = Arguments.Number(args, "--steps", 7);
        var most = Arguments.Number(args, "--most", int.MaxValue);
        var least = Arguments.Number(args, "--least", 0);
        var ceilings = Enumerable.Range(1, threads).ToDictionary(n => n, MachineCeilings.Measure);
        foreach (var (count, (gigaflops, memory, cache)) in ceilings)
        {
            Console.WriteLine($"ceilings of {count}: {gigaflops:F0} GFLOP/s, {memory:F1} GB/s memory, {cache:F0} GB/s cache");
        }

        double Floor(GrowthSetting setting)
        {
            var (gigaflops, memory, cache) = ceilings[setting.Threads];
            return setting.FloorSeconds(gigaflops, memory, cache);
        }

        void Draw(string name, string sizeName, IEnumerable<int> sizes, Func<int, GrowthSetting> at)
        {
            var points = new List<GrowthPoint>();
            foreach (var size in sizes.Where(s => s >= least && s <= most))
            {
                points.Add(GrowthPoint.Measure(size, at(size), steps));
                Console.Error.WriteLine($"{name}: {sizeName} {size}: {points[^1].Seconds * 1e3:F1} ms");
            }

            new GrowthCurve(name, sizeName, points, Floor).Print();
        }

        foreach (var curve in wanted.Length == 0 ? Curves : wanted)
        {
            switch (curve)
            {
                case "tokens":
                    Draw("tokens: sequences of 200, 2 blocks, D 50, 3,953 rows", "tokens", [.. Sizes(1_600, 51_200, 2)], n => Published(n / 200, threads));
                    break;
                case "length":
                    Draw("length: 2 sequences, 2 blocks, D 50, 3,953 rows", "length", [50, 100, 200, 512, 1024, 2048, 4096, 8192],
                        n => Published(2, threads) with
                        {
                            Model = PublishedModel with { MaxLength = n },
                            Lengths = [n, n],
                        });
                    break;
                case "catalogue":
                    var only = Arguments.Value(args, "--optimizer");
                    var (sequences, length) = (Arguments.Number(args, "--sequences", 32), Arguments.Number(args, "--length", 50));
                    foreach (var table in Enum.GetValues<TableOptimizer>()
                        .Where(t => only is null || t.ToString().Equals(only.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)))
                    {
                        Draw($"catalogue: {table}, {sequences} sequences of {length}, 1 block, D 64", "rows",
                            [4_000, 20_000, 100_000, 500_000, 1_000_000, 2_000_000, 5_000_000], n => new GrowthSetting
                            {
                                Model = new HstuOptions { ItemRows = n, MaxLength = length, Layers = 1, Width = 64, Dqk = 64, Dv = 64 },
                                Lengths = [.. Enumerable.Repeat(length, sequences)],
                                Threads = threads,
                                Table = table,
                            });
                    }

                    break;
                case "threads":
                    Draw("threads: 128 sequences of 200, 2 blocks, D 50, 3,953 rows", "threads", Enumerable.Range(1, threads), n => Published(128, n));
                    break;
                default:
                    Draw("layers: 32 sequences of 200, D 50, 3,953 rows", "layers", Sizes(1, 32, 2),
                        n => Published(32, threads) with { Model = PublishedModel with { Layers = n } });
                    break;
            }
        }

        return 0;
    }

    private static HstuOptions PublishedModel => new() { ItemRows = 3953 };

    private static GrowthSetting Published(int sequences, int threads) =>
        new() { Model = PublishedModel, Lengths = [.. Enumerable.Repeat(200, sequences)], Threads = threads };

    private static IEnumerable<int> Sizes(int first, int last, int factor)
    {
        for (var size = first; size <= last; size *= factor)
        {
            yield return size;
        }
    }
}
