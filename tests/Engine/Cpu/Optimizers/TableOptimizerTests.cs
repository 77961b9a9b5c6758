using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;
using LargeRec.Engine.Tests.Cpu.Embedding;

namespace LargeRec.Engine.Tests.Cpu.Optimizers;

/// <summary>Updates of a table by its row gradient: the dense rule bit for bit, the two lazy ones against float64.</summary>
public sealed class TableOptimizerTests
{
    private const int Steps = 4;
    private const double Rate = 1e-2;
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.98;
    private const double Epsilon = 1e-8;
    private const double WeightDecay = 0.1;
    private const float Scale = 0.75f;

    [Test]
    public void The_dense_rule_by_rows_has_the_bits_of_a_dense_gradient([Values(1, 9, 2000)] int tableRows, [Values(1, 17, 64)] int columns,
        [Values] bool strided)
    {
        foreach (var width in CpuConfigurations.Widths)
        {
            foreach (var threads in CpuConfigurations.ThreadsFor((long)tableRows * columns))
            {
                using var device = new CpuDevice(threads, width);
                using var dense = new Table(device, tableRows, columns, strided, columns);
                using var byRow = new Table(device, tableRows, columns, strided, columns);
                for (var t = 1; t <= Steps; t++)
                {
                    using var step = device.BeginStep();
                    var (gradient, values) = dense.Gradient(t);
                    device.Optimizer.AdamW(dense.P.Tensor, device.Upload(values, dense.P.Tensor.Shape), dense.M.Tensor, dense.V.Tensor, At(t));
                    device.Optimizer.AdamW(byRow.P.Tensor, gradient, byRow.M.Tensor, byRow.V.Tensor, At(t));
                }

                Bits.AssertEqual(byRow.P.Values(), dense.P.Values(), $"{device.Name}: p");
                Bits.AssertEqual(byRow.M.Values(), dense.M.Values(), $"{device.Name}: m");
                Bits.AssertEqual(byRow.V.Values(), dense.V.Values(), $"{device.Name}: v");
            }
        }
    }

    [Test]
    public void Lazy_updates_agree_with_float64_and_touch_no_other_row(
        [Values] bool rowwise, [Values(1, 9, 2000)] int tableRows, [Values(1, 17, 64)] int columns, [Values] bool strided)
    {
        foreach (var width in CpuConfigurations.Widths)
        {
            float[][]? first = null;
            Reference truth = new(tableRows, columns, rowwise);
            foreach (var threads in CpuConfigurations.ThreadsFor((long)tableRows * columns))
            {
                using var device = new CpuDevice(threads, width);
                using var table = new Table(device, tableRows, columns, strided, rowwise ? 1 : columns);
                for (var t = 1; t <= Steps; t++)
                {
                    using var step = device.BeginStep();
                    var (gradient, values) = table.Gradient(t);
                    if (first is null)
                    {
                        truth.Update(t, gradient.Rows.ToArray(), values);
                    }

                    if (rowwise)
                    {
                        device.Optimizer.RowwiseAdamW(table.P.Tensor, gradient, table.M.Tensor, table.MomentOfRows!, At(t));
                    }
                    else
                    {
                        device.Optimizer.LazyAdamW(table.P.Tensor, gradient, table.M.Tensor, table.V.Tensor, At(t));
                    }
                }

                float[][] results = [table.P.Values(), table.M.Values(), rowwise ? table.MomentOfRows!.ToArray() : table.V.Values()];
                first ??= results;
                for (var i = 0; i < results.Length; i++)
                {
                    Bits.AssertEqual(results[i], first[i], device.Name);
                }
            }

            // A step is at most about lr times 1/√(1 − β2)·√D, with a dozen roundings of its factors and D more of the mean square.
            var step0 = Rate * 10 * Math.Sqrt(columns);
            Bits.AssertWithin(first![0], truth.P, i => Steps * 6e-8 * ((2 * Math.Abs(truth.P[i])) + ((16 + columns) * step0)), $"{width}: p");
            Bits.AssertWithin(first[1], truth.M, _ => Steps * 3 * 6e-8 * 5e-3, $"{width}: m");
            Bits.AssertWithin(first[2], truth.V, i => Steps * (6 + columns) * 6e-8 * truth.V[i], $"{width}: v");
            Assert.That(truth.Untouched.All(r => first[0].AsSpan(r * columns, columns)
                .SequenceEqual(Table.Start(tableRows * columns).AsSpan(r * columns, columns))), "untouched rows stay");
            if (tableRows > 100)
            {
                Assert.That(truth.Untouched, Is.Not.Empty);
            }
        }
    }

    [Test]
    public void A_dense_gradient_makes_every_row_a_used_one()
    {
        using var device = new CpuDevice(2);
        using var step = device.BeginStep();
        using var table = new Table(device, 50, 7, strided: false, 1);
        var values = TestMatrix.Normal("g", 50 * 7);
        var truth = new Reference(50, 7, rowwise: true);
        truth.Update(1, [.. Enumerable.Range(0, 50)], values);
        device.Optimizer.RowwiseAdamW(table.P.Tensor, device.Upload(values, Shape.Matrix(50, 7)), table.M.Tensor, table.MomentOfRows!, At(1));
        Bits.AssertWithin(table.P.Values(), truth.P, i => 1e-6 * (Math.Abs(truth.P[i]) + 0.1), "p");
    }

    [Test]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        using var table = new Table(device, 8, 3, strided: false, 1);
        var (gradient, _) = table.Gradient(1);
        Assert.That(
            () => device.Optimizer.RowwiseAdamW(table.P.Tensor, gradient, table.M.Tensor, table.M.Tensor, At(1)),
            Throws.ArgumentException.With.Message.Contains("row-wise adamw: second moment [8, 3] must be [1, 8]"));
        Assert.That(
            () => device.Optimizer.LazyAdamW(device.Allocate(Shape.Matrix(9, 3)), gradient, table.M.Tensor, table.V.Tensor, At(1)),
            Throws.ArgumentException.With.Message.Contains("lazy adamw: parameter [9, 3] must be [8, 3]"));
    }

    private static AdamWStep At(int step) => new(Rate, Beta1, Beta2, Epsilon, WeightDecay, step) { GradientScale = Scale };

    /// <summary>A table with its moments, and gradients of some of its rows.</summary>
    private sealed class Table : IDisposable
    {
        private readonly CpuDevice _device;
        private readonly RowGradient _gradient;
        private readonly int _tableRows;
        private readonly int _columns;

        public Table(CpuDevice device, int tableRows, int columns, bool strided, int momentColumns)
        {
            (_device, _tableRows, _columns) = (device, tableRows, columns);
            _gradient = new RowGradient(device, tableRows, columns);
            using var step = device.CurrentStep is null ? device.BeginStep() : null;
            P = Persistent(Start(tableRows * columns), strided);
            M = Persistent(new float[tableRows * columns], strided);
            V = Persistent(new float[tableRows * columns], strided);
            MomentOfRows = momentColumns == 1 ? device.AllocatePersistent(Shape.Vector(tableRows)) : null;
        }

        public Held P { get; }

        public Held M { get; }

        public Held V { get; }

        public Tensor? MomentOfRows { get; }

        public static float[] Start(int count) => TestMatrix.Normal("p", count);

        /// <summary>The rows' gradient of a step, and the same as a whole table.</summary>
        public (RowGradient Rows, float[] Dense) Gradient(int step)
        {
            _device.Embedding.CollectRows(_gradient, _device.Upload(RowGradientTests.Draw($"rows {step}", _tableRows / 4, _tableRows)));
            var values = TestMatrix.Normal($"g{step}", _gradient.Count * _columns).Select(g => g * 1e-3f).ToArray();
            _device.Upload(values, _gradient.Values);
            var dense = new float[_tableRows * _columns];
            foreach (var (row, place) in _gradient.Rows.ToArray().Select((row, place) => (row, place)))
            {
                values.AsSpan(place * _columns, _columns).CopyTo(dense.AsSpan(row * _columns));
            }

            return (_gradient, dense);
        }

        public void Dispose() => _gradient.Release();

        private Held Persistent(float[] values, bool strided)
        {
            var wide = _device.AllocatePersistent(Shape.Matrix(_tableRows, _columns + (strided ? 24 : 0)));
            var tensor = strided ? wide.SliceColumns(3, _columns) : wide;
            _device.Upload(values, tensor);
            return new Held(tensor);
        }
    }

    private sealed record Held(Tensor Tensor)
    {
        public float[] Values() => Tensor.ToArray();
    }

    private sealed class Reference(int tableRows, int columns, bool rowwise)
    {
        private readonly HashSet<int> _touched = [];

        public double[] P { get; } = [.. Table.Start(tableRows * columns).Select(x => (double)x)];

        public double[] M { get; } = new double[tableRows * columns];

        public double[] V { get; } = new double[rowwise ? tableRows : tableRows * columns];

        public IEnumerable<int> Untouched => Enumerable.Range(0, tableRows).Where(r => !_touched.Contains(r));

        public void Update(int step, int[] rows, float[] dense)
        {
            var (first, second) = (1 - Math.Pow(Beta1, step), 1 - Math.Pow(Beta2, step));
            foreach (var row in rows)
            {
                _touched.Add(row);
                var gradient = dense.AsSpan(row * columns, columns).ToArray().Select(g => (double)Scale * g).ToArray();
                if (rowwise)
                {
                    V[row] = (Beta2 * V[row]) + ((1 - Beta2) * gradient.Average(g => g * g));
                }

                for (var c = 0; c < columns; c++)
                {
                    var i = (row * columns) + c;
                    if (!rowwise)
                    {
                        V[i] = (Beta2 * V[i]) + ((1 - Beta2) * gradient[c] * gradient[c]);
                    }

                    M[i] = (Beta1 * M[i]) + ((1 - Beta1) * gradient[c]);
                    P[i] -= Rate * WeightDecay * P[i];
                    P[i] -= Rate / first * M[i] / ((Math.Sqrt(V[rowwise ? row : i]) / Math.Sqrt(second)) + Epsilon);
                }
            }
        }
    }
}
