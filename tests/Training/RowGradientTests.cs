using LargeRec.Autograd;
using LargeRec.Data.Batching;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Tensors;
using LargeRec.Models.Backbones;
using LargeRec.Models.Losses;
using LargeRec.Training.Optimizers;

namespace LargeRec.Training.Tests;

/// <summary>Training whose gradient of the item table is kept by the rows that a step uses, beside training with a dense one.</summary>
public sealed class RowGradientTests
{
    /// <summary>Many more items than a step can use.</summary>
    private const int Items = 3000;

    private const int Width = 12;
    private const int Steps = 4;

    [Test]
    public void The_dense_rule_gives_the_same_bits_by_row()
    {
        var dense = Weights(2, TableOptimizer.AdamW, rows: false);
        foreach (var threads in new[] { 1, 2, 3 })
        {
            Assert.That(Weights(threads, TableOptimizer.AdamW, rows: true), Is.EqualTo(dense), $"{threads} threads");
        }
    }

    [Test]
    public void Clipped_the_dense_rule_differs_by_the_rounding_of_the_norm_only()
    {
        var dense = Weights(2, TableOptimizer.AdamW, rows: false, clipNorm: 0.05);
        var byRow = Weights(2, TableOptimizer.AdamW, rows: true, clipNorm: 0.05);
        Assert.That(byRow, Is.EqualTo(dense).Within(1e-6));
        Assert.That(Weights(1, TableOptimizer.AdamW, rows: true, clipNorm: 0.05), Is.EqualTo(byRow), "the same bits for any number of threads");
        Assert.That(Weights(2, TableOptimizer.AdamW, rows: true), Is.Not.EqualTo(byRow).Within(1e-6), "the clipping must do something");
    }

    [Test]
    public void Over_several_forwards_a_step_the_dense_rule_differs_by_rounding_only()
    {
        // Adam divides a gradient by its own size, so that a rounding of nothing may show: rows without a gradient worth the name are left out by a large
        // epsilon.
        var dense = Weights(2, TableOptimizer.AdamW, rows: false, atOnce: 3, epsilon: 1e-3);
        var byRow = Weights(2, TableOptimizer.AdamW, rows: true, atOnce: 3, epsilon: 1e-3);
        Assert.That(byRow, Is.EqualTo(dense).Within(1e-6));
        Assert.That(Weights(1, TableOptimizer.AdamW, rows: true, atOnce: 3, epsilon: 1e-3), Is.EqualTo(byRow), "the same bits for any number of threads");
        Assert.That(Weights(2, TableOptimizer.AdamW, rows: false, epsilon: 1e-3), Is.Not.EqualTo(dense).Within(1e-6),
            "the negatives of several forwards are others");
    }

    [Test]
    public void Lazy_updates_leave_rows_alone_that_no_step_has_used([Values(TableOptimizer.LazyAdamW, TableOptimizer.RowwiseAdamW)] TableOptimizer table)
    {
        var start = Weights(1, table, rows: true, steps: 0);
        var two = Weights(2, table, rows: true);
        Assert.That(Weights(1, table, rows: true), Is.EqualTo(two), "the same bits for any number of threads");
        var moved = Enumerable.Range(0, Items).Count(r => !two.AsSpan(r * Width, Width).SequenceEqual(start.AsSpan(r * Width, Width)));
        Assert.That(moved, Is.InRange(300, Items - 300));
        Assert.That(two, Is.Not.EqualTo(Weights(2, TableOptimizer.AdamW, rows: true)), "another update than the dense rule");
    }

    [Test]
    public void In_its_first_step_the_lazy_update_is_the_dense_one()
    {
        Assert.That(
            Weights(2, TableOptimizer.LazyAdamW, rows: true, steps: 1, decay: 0),
            Is.EqualTo(Weights(2, TableOptimizer.AdamW, rows: false, steps: 1, decay: 0)));
        Assert.That(
            Weights(2, TableOptimizer.LazyAdamW, rows: false), Is.EqualTo(Weights(2, TableOptimizer.AdamW, rows: false)), "a dense gradient uses every row");
    }

    [Test]
    public void Device_memory_stays_the_same_over_steps([Values] bool rowwise)
    {
        using var device = new CpuDevice(2);
        var trainer = NewTrainer(device, rowwise ? TableOptimizer.RowwiseAdamW : TableOptimizer.LazyAdamW, rows: true, null, null, 1e-8, out _);
        trainer.Reserve(Batch(30));
        var held = device.HeldBytes;
        for (var i = 0; i < 20; i++)
        {
            trainer.TrainOn(Batch(30 - i));
        }

        Assert.That(device.HeldBytes, Is.EqualTo(held));
    }

    [Test]
    public void What_comes_dense_and_by_row_is_dense()
    {
        using var device = new CpuDevice(2);
        using var step = device.BeginStep();
        var model = Model(device);
        var table = model.ItemTable.Variable;
        var loss = new SampledSoftmaxLoss(device.UploadPersistent([.. Enumerable.Range(1, Items - 1)]), 8, 0.05f);
        var queries = TestValues(20, Width);
        int[] labels = [.. Enumerable.Range(1, 20)];

        float[] Gradient(bool dense, bool byRow)
        {
            table.ClearGradient();
            if (dense)
            {
                var tape = new Tape(device);
                var context = new Models.ForwardContext(tape, true, 1, 1);
                tape.Backward(loss.Forward(context, Variable.Constant(device.Upload(queries, Shape.Matrix(20, Width))), model.Items(context),
                    device.Upload(labels), 1));
            }

            if (byRow)
            {
                var tape = new Tape(device);
                var context = new Models.ForwardContext(tape, true, 1, 2);
                var rows = loss.CollectRows(context, model, device.Upload(labels), device.Upload(labels));
                tape.Backward(loss.Forward(context, Variable.Constant(device.Upload(queries, Shape.Matrix(20, Width))), model, rows, 1));
            }

            Assert.That(table.RowGradient is null, Is.EqualTo(dense));
            if (table.RowGradient is { } gradient)
            {
                var whole = device.Upload(new float[Items * Width], table.Shape);
                device.Embedding.AddRows(gradient, whole);
                return whole.ToArray();
            }

            return table.Gradient!.ToArray();
        }

        var expected = Gradient(dense: true, byRow: false).Zip(Gradient(dense: false, byRow: true), (a, b) => a + b);
        Assert.That(Gradient(dense: true, byRow: true), Is.EqualTo(expected));
    }

    [Test]
    public void A_loss_must_be_the_last_to_use_the_rows_of_a_pass()
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        var model = Model(device);
        var loss = new SampledSoftmaxLoss(device.UploadPersistent([1, 2, 3]), 2, 0.05f);
        var context = new Models.ForwardContext(new Tape(device), true, 1, 1);
        var rows = loss.CollectRows(context, model, device.Upload([1, 2]), device.Upload([2, 3]));
        var queries = Variable.Constant(device.Upload(TestValues(2, Width), Shape.Matrix(2, Width)));
        loss.Forward(context, queries, model, rows, 1);
        Assert.That(() => loss.Forward(context, queries, model, rows, 1), Throws.InvalidOperationException.With.Message.Contains("one loss a forward pass"));
    }

    private static float[] TestValues(int rows, int columns) => [.. Enumerable.Range(0, rows * columns).Select(i => MathF.Sin(i))];

    private static float[] Weights(
        int threads, TableOptimizer table, bool rows, double? clipNorm = null, int? atOnce = null, int steps = Steps, double epsilon = 1e-8, double decay = 0.1)
    {
        using var device = new CpuDevice(threads);
        var trainer = NewTrainer(device, table, rows, clipNorm, atOnce, epsilon, out var model, decay);
        for (var i = 0; i < steps; i++)
        {
            trainer.TrainOn(Batch(9 - i));
        }

        return [.. model.Parameters.SelectMany(p => p.Value.ToArray())];
    }

    private static Hstu Model(CpuDevice device) =>
        new(device, new HstuOptions { ItemRows = Items, MaxLength = 30, Layers = 1, Width = Width, Dqk = 6, Dv = 6, Bias = AttentionBias.Position }, seed: 1);

    private static Trainer NewTrainer(CpuDevice device, TableOptimizer table, bool rows, double? clipNorm, int? atOnce, double epsilon, out Hstu model,
        double decay = 0.1)
    {
        model = Model(device);
        var loss = new SampledSoftmaxLoss(device.UploadPersistent([.. Enumerable.Range(1, Items - 1)]), 8, 0.05f);
        return new Trainer(
            device, model, loss, new AdamW(model.Parameters, new AdamWOptions { LearningRate = 0.01, Epsilon = epsilon, WeightDecay = decay, Table = table }),
            new TrainerOptions { Seed = 1, ClipNorm = clipNorm, SequencesAtOnce = atOnce, RowGradients = rows });
    }

    private static JaggedBatch Batch(int length)
    {
        var batch = new JaggedBatch();
        for (var user = 0; user < 7; user++)
        {
            batch.Add(user, [.. Enumerable.Range(0, Math.Max(1, length - user)).Select(i => 1 + (((user * 31) + (i * 17)) % 500))], default, 1 + user);
        }

        return batch;
    }
}
