using LargeRec.Engine.Cpu;
using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Cpu.Embedding;

/// <summary>Rows collected, merged and added, against what arrays say.</summary>
public sealed class RowGradientTests
{
    private const int Columns = 5;

    [TestCase(1, 0)]
    [TestCase(1, 9)]
    [TestCase(63, 40)]
    [TestCase(64, 300)]
    [TestCase(65, 65)]
    [TestCase(5000, 200)]
    [TestCase(300_000, 70_000)]
    public void Rows_are_the_distinct_ids_and_0_and_ids_become_their_places(int tableRows, int count)
    {
        int[][] ids = [Draw("a", count, tableRows), [], Draw("b", count / 3, tableRows)];
        int[] expected = [.. ids.SelectMany(i => i).Append(0).Distinct().Order()];
        foreach (var threads in CpuConfigurations.ThreadCounts)
        {
            using var device = new CpuDevice(threads);
            using var step = device.BeginStep();
            var gradient = new RowGradient(device, tableRows, Columns);
            IndexTensor[] arrays = [.. ids.Select(i => device.Upload(i))];
            device.Embedding.CollectRows(gradient, arrays);
            Assert.That(gradient.Rows.ToArray(), Is.EqualTo(expected), device.Name);
            Assert.That((gradient.Count, gradient.Values.Rows, gradient.Values.Columns), Is.EqualTo((expected.Length, expected.Length, Columns)));
            foreach (var (array, before) in arrays.Zip(ids))
            {
                Assert.That(array.ToArray().Select(place => expected[place]), Is.EqualTo(before), device.Name);
            }
        }
    }

    [Test]
    public void Collecting_again_keeps_the_memory_where_it_is_enough()
    {
        using var device = new CpuDevice(2);
        var gradient = new RowGradient(device, 1000, Columns);
        Collect(device, gradient, Draw("first", 50, 1000));
        var held = device.PersistentBytes;
        Collect(device, gradient, Draw("second", 50, 1000));
        Assert.That(device.PersistentBytes, Is.EqualTo(held));
        gradient.Release();
        Assert.That(device.PersistentBytes, Is.Zero);
        Assert.That(() => gradient.Rows, Throws.InvalidOperationException.With.Message.Contains("has no rows yet"));
    }

    [TestCase(-1)]
    [TestCase(7)]
    public void An_id_outside_the_table_is_named(int id)
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        var gradient = new RowGradient(device, 7, Columns);
        Assert.That(
            () => device.Embedding.CollectRows(gradient, device.Upload([1, id])),
            Throws.ArgumentException.With.Message.Contains($"collect rows: id {id} at position 1 is not in a table of 7 rows"));
    }

    [Test]
    public void Merging_adds_rows_of_both_and_keeps_those_of_one()
    {
        const int TableRows = 400;
        foreach (var width in CpuConfigurations.Widths)
        {
            using var device = new CpuDevice(2, width);
            var a = Filled(device, TableRows, Draw("rows a", 150, TableRows), "a");
            var b = Filled(device, TableRows, Draw("rows b", 90, TableRows), "b");
            var sum = new RowGradient(device, TableRows, Columns);
            device.Embedding.MergeRows(a, b, sum);
            Assert.That(sum.Rows.ToArray(), Is.EqualTo(a.Rows.ToArray().Union(b.Rows.ToArray()).Order()));
            var expected = Dense(a).Zip(Dense(b), (x, y) => x + y).ToArray();
            Bits.AssertEqual(Dense(sum), expected, device.Name);
        }
    }

    [Test]
    public void Adding_rows_to_a_dense_gradient_adds_to_those_rows_only()
    {
        using var device = new CpuDevice(2);
        using var step = device.BeginStep();
        var rows = Filled(device, 60, [3, 59, 20], "values");
        var before = TestMatrix.Normal("dense", 60 * Columns);
        var dense = device.Upload(before, Shape.Matrix(60, Columns));
        device.Embedding.AddRows(rows, dense);
        Bits.AssertEqual(dense.ToArray(), [.. before.Zip(Dense(rows), (x, y) => x + y)], "added");
    }

    [Test]
    public void Row_gradients_of_different_tables_are_refused()
    {
        using var device = new CpuDevice(1);
        var (a, b) = (Filled(device, 9, [1], "a"), Filled(device, 10, [1], "b"));
        Assert.That(() => device.Embedding.MergeRows(a, b, new RowGradient(device, 9, Columns)),
            Throws.ArgumentException.With.Message.Contains("different tables"));
        Assert.That(() => device.Embedding.MergeRows(a, a, a), Throws.ArgumentException.With.Message.Contains("another row gradient"));
    }

    [Test]
    public void Normalising_some_rows_gives_the_bits_of_the_whole_table([Values(1, 17, 64)] int columns, [Values] bool accumulate)
    {
        const int TableRows = 500;
        var (x, dy) = (TestMatrix.Normal("x", TableRows * columns), TestMatrix.Normal("dy", TableRows * columns));
        foreach (var width in CpuConfigurations.Widths)
        {
            using var device = new CpuDevice(2, width);
            using var step = device.BeginStep();
            var table = device.Upload(x, Shape.Matrix(TableRows, columns));
            var gradient = new RowGradient(device, TableRows, columns);
            device.Embedding.CollectRows(gradient, device.Upload(Draw("rows", 100, TableRows)));
            var rows = gradient.Rows.ToArray();
            float[] Part(Tensor whole) => [.. rows.SelectMany(r => whole.SliceRows(r, 1).ToArray())];

            var (y, dx) = (device.Allocate(table.Shape), device.Upload(dy, table.Shape));
            var upstream = device.Upload(dy, table.Shape);
            device.Normalization.L2Normalize(table, 1e-6f, y);
            device.Normalization.L2NormalizeBackward(table, 1e-6f, upstream, new(dx, accumulate));

            device.Normalization.L2NormalizeRows(table, gradient.Rows, 1e-6f, gradient.Values);
            Bits.AssertEqual(gradient.Values.ToArray(), Part(y), $"{width}: forward");
            var some = device.Upload(Part(upstream), gradient.Values.Shape);
            device.Normalization.L2NormalizeRowsBackward(table, gradient.Rows, 1e-6f, some, new(some, accumulate));
            Bits.AssertEqual(some.ToArray(), Part(dx), $"{width}: backward, in place");
        }
    }

    internal static int[] Draw(string name, int count, int below)
    {
        var stream = new PhiloxStream(1, $"{name} {count}");
        return [.. Enumerable.Range(0, count).Select(_ => (int)(stream.NextUInt32() % (uint)below))];
    }

    internal static void Collect(CpuDevice device, RowGradient gradient, int[] ids)
    {
        using var step = device.BeginStep();
        device.Embedding.CollectRows(gradient, device.Upload(ids));
    }

    private static RowGradient Filled(CpuDevice device, int tableRows, int[] ids, string values)
    {
        var gradient = new RowGradient(device, tableRows, Columns);
        if (device.CurrentStep is null)
        {
            Collect(device, gradient, ids);
        }
        else
        {
            device.Embedding.CollectRows(gradient, device.Upload(ids));
        }

        device.Upload(TestMatrix.Normal(values, gradient.Count * Columns), gradient.Values);
        return gradient;
    }

    private static float[] Dense(RowGradient gradient)
    {
        var dense = new float[gradient.TableRows * gradient.Columns];
        var (rows, values) = (gradient.Rows.ToArray(), gradient.Values.ToArray());
        for (var i = 0; i < rows.Length; i++)
        {
            values.AsSpan(i * gradient.Columns, gradient.Columns).CopyTo(dense.AsSpan(rows[i] * gradient.Columns));
        }

        return dense;
    }
}
