using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Randomness;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Cpu.Embedding;

public sealed class EmbeddingTests
{
    private const float Scale = 7.07f;
    private const int Rows = 100;

    private static readonly int[][] Lengths = [[], [0], [1], [0, 3, 0, 1, 0], [40, 7, 0, 33], [.. Enumerable.Range(0, 30).Select(i => i * 37 % 90)]];

    [Test]
    public void Embedding_agrees_with_float64(
        [ValueSource(nameof(Lengths))] int[] lengths, [Values(1, 5, 17, 50, 64, 200)] int columns, [Values] bool strided, [Values] bool hasPositions,
        [Values(0f, 0.3f)] float rate)
    {
        var batch = new Batch(lengths, columns, rate);
        var (truth, plain) = (new double[batch.Tokens * columns], new float[batch.Tokens * columns]);
        batch.ForEachValue((t, c, position, k) =>
        {
            truth[(t * columns) + c] = ((batch.Table[(batch.Ids[t] * columns) + c] * (double)Scale)
                + (hasPositions ? batch.Positions[(position * columns) + c] : 0)) * k;
            plain[(t * columns) + c] = ((batch.Table[(batch.Ids[t] * columns) + c] * Scale)
                + (hasPositions ? batch.Positions[(position * columns) + c] : 0)) * k;
        });
        var tolerance = FlashTolerance.Of(truth, plain);
        foreach (var width in CpuConfigurations.Widths)
        {
            float[]? first = null;
            foreach (var threads in CpuConfigurations.ThreadsFor(truth.Length))
            {
                using var device = new CpuDevice(threads, width);
                using var step = device.BeginStep();
                var table = new TestMatrix(device, Rows, columns, strided, batch.Table);
                var positions = hasPositions ? new TestMatrix(device, 90, columns, strided, batch.Positions) : null;
                var output = new TestMatrix(device, batch.Tokens, columns, strided);
                device.Embedding.EmbedSequences(table.Tensor, positions?.Tensor, device.Upload(batch.Ids), batch.Layout, Scale, batch.Dropout, output.Tensor);
                var result = output.Values();
                first ??= result;
                Bits.AssertEqual(result, first, device.Name);
            }

            Bits.AssertWithin(first!, truth, _ => tolerance, $"{width}");
            for (var i = 0; i < truth.Length; i++)
            {
                Assert.That(batch.Ids[i / columns] != 0 || first![i] == 0, "padding is 0");
            }
        }
    }

    [Test]
    public void Gradients_agree_with_float64(
        [ValueSource(nameof(Lengths))] int[] lengths, [Values(1, 5, 17, 50, 64, 200)] int columns, [Values] bool strided, [Values(0f, 0.3f)] float rate)
    {
        var batch = new Batch(lengths, columns, rate);
        var dOutput = TestMatrix.Normal("dOutput", batch.Tokens * columns);
        var (before, beforePositions) = (TestMatrix.Normal("before", Rows * columns), TestMatrix.Normal("positions before", 95 * columns));
        var (truth, plain) = (new double[Rows * columns], new float[Rows * columns]);
        var (positionTruth, positionPlain) = (new double[95 * columns], new float[95 * columns]);
        batch.ForEachValue((t, c, position, k) =>
        {
            var d = dOutput[(t * columns) + c];
            truth[(batch.Ids[t] * columns) + c] += (double)d * k * Scale;
            plain[(batch.Ids[t] * columns) + c] += d * k * Scale;
            positionTruth[(position * columns) + c] += (double)d * k;
            positionPlain[(position * columns) + c] += d * k;
        });
        var (tolerance, positionTolerance) = (FlashTolerance.Of(truth, plain), FlashTolerance.Of(positionTruth, positionPlain));
        foreach (var width in CpuConfigurations.Widths)
        {
            float[][]? first = null;
            foreach (var threads in CpuConfigurations.ThreadCounts)
            {
                using var device = new CpuDevice(threads, width);
                using var step = device.BeginStep();
                var ids = device.Upload(batch.Ids);
                var upstream = new TestMatrix(device, batch.Tokens, columns, strided, dOutput);
                var (dTable, dPositions) = (new TestMatrix(device, Rows, columns, strided), new TestMatrix(device, 95, columns, strided));
                var (tableSum, positionSum) = (new TestMatrix(device, Rows, columns, strided, before),
                    new TestMatrix(device, 95, columns, strided, beforePositions));
                device.Embedding.EmbedSequencesBackward(ids, batch.Layout, Scale, batch.Dropout, upstream.Tensor, new(dTable.Tensor, false),
                    new(dPositions.Tensor, false));
                device.Embedding.EmbedSequencesBackward(ids, batch.Layout, Scale, batch.Dropout, upstream.Tensor, new(tableSum.Tensor, true), default);
                device.Embedding.EmbedSequencesBackward(ids, batch.Layout, Scale, batch.Dropout, upstream.Tensor, default, new(positionSum.Tensor, true));
                float[][] results = [dTable.Values(), dPositions.Values(), tableSum.Values(), positionSum.Values()];
                first ??= results;
                for (var i = 0; i < results.Length; i++)
                {
                    Bits.AssertEqual(results[i], first[i], device.Name);
                }
            }

            Bits.AssertWithin(first![0], truth, _ => tolerance, $"{width}: dTable");
            Bits.AssertWithin(first[1], positionTruth, _ => positionTolerance, $"{width}: dPositions");
            Bits.AssertWithin(first[2], [.. truth.Zip(before, (a, b) => a + b)], _ => tolerance + 6e-7, $"{width}: dTable added");
            Bits.AssertWithin(first[3], [.. positionTruth.Zip(beforePositions, (a, b) => a + b)], _ => positionTolerance + 6e-7, $"{width}: dPositions added");
        }
    }

    /// <summary>More tokens than a chunk, runs longer than a chunk, and tables for one, two and three passes of the sort.</summary>
    [Test]
    public void Gradients_of_large_batches_are_sums_in_token_order([Values(3, 5000, 70_000, 17_000_000)] int rows)
    {
        const int Tokens = 4000;
        var stream = new PhiloxStream(1, "ids");
        var ids = Enumerable.Range(0, Tokens).Select(t => t % 3 == 0 ? rows - 1 : stream.NextBelow(rows)).ToArray();
        var dOutput = TestMatrix.Normal("d", Tokens);
        var expected = new Dictionary<int, float>();
        for (var t = 0; t < Tokens; t++)
        {
            if (ids[t] != 0)
            {
                expected[ids[t]] = expected.TryGetValue(ids[t], out var sum) ? sum + dOutput[t] : dOutput[t];
            }
        }

        foreach (var threads in CpuConfigurations.ThreadCounts)
        {
            using var device = new CpuDevice(threads);
            using var step = device.BeginStep();
            var table = device.Allocate(Shape.Matrix(rows, 1));
            device.Embedding.EmbedSequencesBackward(
                device.Upload(ids), new JaggedLayout([0, Tokens]), 1, DropoutSite.None, device.Upload(dOutput, Shape.Matrix(Tokens, 1)), new(table, false),
                default);
            var result = table.ToArray();
            Assert.That(result.Count(v => v != 0), Is.EqualTo(expected.Count));
            foreach (var (id, sum) in expected)
            {
                Assert.That(result[id], Is.EqualTo(sum), $"id {id}");
            }
        }
    }

    /// <summary>The formula of the reference's gradient itself, by central differences.</summary>
    [Test]
    public void The_gradient_is_that_of_the_value()
    {
        const double H = 1e-4;
        var batch = new Batch([3, 2], 4, 0.3f);
        var weights = TestMatrix.Normal("w", 20);
        for (var entry = 0; entry < 8 * 4; entry++)
        {
            double Value(double by)
            {
                var sum = 0.0;
                batch.ForEachValue((t, c, position, k) =>
                {
                    var at = (batch.Ids[t] * 4) + c;
                    sum += (((batch.Table[at] + (at == entry ? by : 0)) * Scale) + batch.Positions[(position * 4) + c]) * k * weights[(t * 4) + c];
                });
                return sum;
            }

            var gradient = 0.0;
            batch.ForEachValue((t, c, _, k) => gradient += (batch.Ids[t] * 4) + c == entry ? (double)weights[(t * 4) + c] * k * Scale : 0);
            Assert.That(gradient, Is.EqualTo((Value(H) - Value(-H)) / (2 * H)).Within(1e-6));
        }
    }

    [Test]
    public void Rows_are_gathered([Values(0, 1, 5, 900)] int count, [Values(1, 17, 50, 64)] int columns, [Values] bool strided)
    {
        var values = TestMatrix.Normal("x", 30 * columns);
        var rows = Enumerable.Range(0, count).Select(i => i * 7 % 30).ToArray();
        float[] expected = [.. rows.SelectMany(r => values[(r * columns)..((r + 1) * columns)])];
        foreach (var threads in CpuConfigurations.ThreadsFor(expected.Length))
        {
            using var device = new CpuDevice(threads);
            using var step = device.BeginStep();
            var source = new TestMatrix(device, 30, columns, strided, values);
            var output = new TestMatrix(device, count, columns, strided);
            device.Embedding.GatherRows(source.Tensor, device.Upload(rows), output.Tensor);
            Bits.AssertEqual(output.Values(), expected, device.Name);
        }
    }

    [TestCase(-1)]
    [TestCase(4)]
    [TestCase(int.MaxValue)]
    [TestCase(int.MinValue)]
    public void An_id_outside_of_the_table_is_named_with_its_place(int id)
    {
        using var device = new CpuDevice(2);
        using var step = device.BeginStep();
        var ids = device.Upload([1, 3, id]);
        var (table, output) = (device.Allocate(Shape.Matrix(4, 2)), device.Allocate(Shape.Matrix(3, 2)));
        var layout = new JaggedLayout([0, 3]);
        var message = $"{id} at position 2 is not in a table of 4 rows";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => device.Embedding.EmbedSequences(table, null, ids, layout, 1, default, output),
                Throws.ArgumentException.With.Message.Contains(message));
            Assert.That(() => device.Embedding.EmbedSequencesBackward(ids, layout, 1, default, output, new(table, false), default),
                Throws.ArgumentException.With.Message.Contains(message));
            Assert.That(() => device.Embedding.GatherRows(table, ids, output), Throws.ArgumentException.With.Message.Contains(message));
        }
    }

    private sealed class Batch
    {
        private readonly float[] _keep;
        private readonly int _columns;

        public Batch(int[] lengths, int columns, float rate)
        {
            _columns = columns;
            var offsets = new int[lengths.Length + 1];
            for (var b = 0; b < lengths.Length; b++)
            {
                offsets[b + 1] = offsets[b] + lengths[b];
            }

            Layout = new JaggedLayout(offsets);

            // Popular ids, and some padding.
            var stream = new PhiloxStream(3, "ids");
            Ids = [.. Enumerable.Range(0, Tokens).Select(_ => stream.NextBelow(5) == 0 ? 0 : stream.NextBelow(2) == 0 ? 7 : stream.NextBelow(Rows))];
            Table = TestMatrix.Normal("table", Rows * columns);
            Positions = TestMatrix.Normal("positions", 90 * columns);
            Dropout = new DropoutSite(rate, 99, 4, 1234567);
            _keep = DropoutReference.Keep(Dropout, Tokens, columns);
        }

        public JaggedLayout Layout { get; }

        public int Tokens => Layout.Tokens;

        public int[] Ids { get; }

        public float[] Table { get; }

        public float[] Positions { get; }

        public DropoutSite Dropout { get; }

        /// <summary>Calls with token, column, position and what dropout multiplies by, for each value that is not padding.</summary>
        public void ForEachValue(Action<int, int, int, float> action)
        {
            for (var b = 0; b < Layout.Sequences; b++)
            {
                for (var t = Layout.Offsets[b]; t < Layout.Offsets[b + 1]; t++)
                {
                    for (var c = 0; c < _columns && Ids[t] != 0; c++)
                    {
                        action(t, c, t - Layout.Offsets[b], _keep[(t * _columns) + c]);
                    }
                }
            }
        }
    }
}
