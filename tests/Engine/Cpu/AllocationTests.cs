using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Cpu;

/// <summary>An operation allocates no managed memory: a thousand of them a step would keep the collector busy.</summary>
public sealed class AllocationTests
{
    [Test]
    public void Operations_allocate_nothing([Values(1, 2)] int threads)
    {
        using var device = new CpuDevice(threads);
        using var step = device.BeginStep();
        const int Rows = 700, Columns = 50;
        var (x, y, z) = (New(Rows, Columns), New(Rows, Columns), New(Rows, Columns));
        var (gate, m) = (New(Rows, 4 * Columns).SliceColumns(Columns, Columns), New(Rows, Columns));
        var (table, dTable, positions, sum) = (New(30, Columns), New(30, Columns), New(Rows, Columns), New(1, Columns));
        var ids = device.Upload([.. Enumerable.Range(0, Rows).Select(i => i % 30)]);
        var draws = device.AllocateIndices(9000);
        var layout = new JaggedLayout([0, 300, Rows]);
        var site = new DropoutSite(0.2f, 1, 2, 3);
        var (firstMoment, secondMoment) = (device.AllocatePersistent(table.Shape), device.AllocatePersistent(table.Shape));
        for (var warmUp = 0; warmUp < 3; warmUp++)
        {
            RunAll();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        RunAll();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        Tensor New(int rows, int columns) => device.Upload(TestMatrix.Normal("x", rows * columns), Shape.Matrix(rows, columns));

        void RunAll()
        {
            device.Pointwise.Fill(y, 1);
            device.Pointwise.Copy(x, y);
            device.Pointwise.Add(x, y, 2);
            device.Pointwise.Forward<Silu>(x, y);
            device.Pointwise.Backward<Silu>(x, y, new(z, true));
            device.Pointwise.Dropout(x, site, y);
            device.Normalization.LayerNorm(x, 1e-6f, y);
            device.Normalization.LayerNormBackward(x, 1e-6f, y, new(z, false));
            device.Normalization.L2Normalize(x, 1e-6f, y);
            device.Normalization.L2NormalizeBackward(x, 1e-6f, y, new(z, false));
            device.Normalization.GatedLayerNorm(gate, x, 1e-6f, false, site, y);
            device.Normalization.GatedLayerNormBackward(gate, x, 1e-6f, false, site, y, new(z, false), new(m, false));
            device.Embedding.EmbedSequences(table, positions, ids, layout, 7, site, y);
            device.Embedding.EmbedSequencesBackward(ids, layout, 7, site, y, new(dTable, false), new(positions, true));
            device.Embedding.GatherRows(table, ids, y);
            device.Reduction.SumRows(x, new(sum, false));
            _ = device.Reduction.AllFinite(x);
            _ = device.Reduction.SumOfSquares(x);
            device.Sampling.UniformCandidates(ids, 1, 2, 3, draws);
            device.Optimizer.AdamW(table, dTable, firstMoment, secondMoment, new(0.1f, 0.9f, 0.98f, 1e-8f, 0, 1));
        }
    }
}
