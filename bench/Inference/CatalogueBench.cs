using LargeRec.Bench.Ceilings;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;

namespace LargeRec.Bench.Inference;

/// <summary>The best of a large catalogue for one user and for a batch. Rows and queries are random directions, as unlike each other as they can be.</summary>
internal sealed class CatalogueBench(CpuDevice device, int itemRows, int columns, int calls)
{
    private const int Batch = 128;
    private const int History = 200;

    public void Run()
    {
        var memory = ReadCeiling.Measure(device.Workers, 256L << 20);
        var gigaflops = FmaCeiling.Measure(device.Workers);
        Console.WriteLine($"  ceilings: memory read {memory:F1} GB/s, fused multiply-add {gigaflops:F1} GFLOP/s; {itemRows:N0} x {columns} items");
        Console.WriteLine($"  {"the best of a catalogue",-40} {"p50 ms",8} {"p99 ms",8} {"floor",7} {"of it",6} {"users/s",8}");
        var items = Directions("items", itemRows);
        var queries = Directions("queries", Batch);
        var candidates = device.UploadPersistent([.. Enumerable.Range(1, itemRows - 1)]);
        var (offsets, hidden) = Filters();

        var bytes = (double)itemRows * columns * sizeof(float);
        foreach (var k in (int[])[10, 1000])
        {
            Print($"exact, one user, k {k}", calls, bytes / memory / 1e6, 1, i => Top(One(i), k, default));
        }

        Print("exact, one user, k 10, 200 hidden", calls, bytes / memory / 1e6, 1, i => Top(One(i), 10, Filter(i)));
        using var quantized = device.Ranking.Quantize(items, candidates);
        var codedBytes = (double)itemRows * (columns + sizeof(float));
        foreach (var k in (int[])[10, 1000])
        {
            Print($"int8 first, one user, k {k}", calls, codedBytes / memory / 1e6, 1, i => TopQuantized(One(i), k, default));
        }

        Print("int8 first, one user, k 10, 200 hidden", calls, codedBytes / memory / 1e6, 1, i => TopQuantized(One(i), 10, Filter(i)));
        var floor = Math.Max(bytes / memory, 2.0 * Batch * itemRows * columns / gigaflops) / 1e6;
        foreach (var k in (int[])[10, 1000])
        {
            Print($"exact, {Batch} users, k {k}, 200 hidden", Math.Max(5, calls / 20), floor, Batch, _ => Top(queries, k, new ItemFilter(offsets, hidden)));
        }

        Print($"int8 first, {Batch} users, k 10, 200 hidden", Math.Max(5, calls / 20), floor, Batch,
            _ => TopQuantized(queries, 10, new ItemFilter(offsets, hidden)));
        device.Release(items);
        device.Release(queries);
        device.Release(candidates);

        Tensor One(int i) => queries.SliceRows(i % Batch, 1);

        ItemFilter Filter(int i) => new([0, History], hidden.AsSpan(i % Batch * History, History));

        void Top(Tensor some, int k, ItemFilter filter)
        {
            device.Ranking.TopK(some, items, candidates, filter, k, new int[some.Rows * k], new float[some.Rows * k]);
        }

        void TopQuantized(Tensor some, int k, ItemFilter filter)
        {
            device.Ranking.TopK(some, quantized, filter, k, new int[some.Rows * k], new float[some.Rows * k]);
        }
    }

    private static void Print(string name, int calls, double floor, int users, Action<int> call)
    {
        var times = Latencies.Of(calls, call);
        Console.WriteLine($"  {name,-40} {times.Median,8:F2} {times.P99,8:F2} {floor,7:F2} {floor / times.Median,6:P0} {users / times.Median * 1000,8:F0}");
    }

    /// <summary>A window of random items for each user.</summary>
    private (int[] Offsets, int[] Items) Filters()
    {
        var stream = new PhiloxStream(3, "filters");
        return (
            [.. Enumerable.Range(0, Batch + 1).Select(b => b * History)],
            [.. Enumerable.Range(0, Batch * History).Select(_ => 1 + stream.NextBelow(itemRows - 1))]);
    }

    private Tensor Directions(string name, int rows)
    {
        var stream = new PhiloxStream(3, name);
        var values = new float[(long)rows * columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)stream.NextNormal();
        }

        var tensor = device.AllocatePersistent(Shape.Matrix(rows, columns));
        device.Upload(values, tensor);
        device.Normalization.L2Normalize(tensor, 1e-6f, tensor);
        return tensor;
    }
}
