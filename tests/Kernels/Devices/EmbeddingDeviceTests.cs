using LargeRec.Engine;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Kernels.Tests.Devices;

/// <summary>Rows by ids, draws of ids, and ids that no table has.</summary>
[TestFixture(KernelDevice.OpenCl)]
[TestFixture(KernelDevice.InterpretedPtx)]
public sealed class EmbeddingDeviceTests(KernelDevice kind) : DeviceFixture(kind)
{
    [TestCase(0, 3)]
    [TestCase(1, 1)]
    [TestCase(40, 33)]
    public void Gathered_rows_are_copies(int count, int columns)
    {
        var (gpu, cpu) = OnBoth(device =>
        {
            var (_, source) = Values.Strided(device, "source", 12, columns);
            var (whole, output) = Values.Strided(device, "output", count, columns);
            device.Embedding.GatherRows(source, device.Upload(Values.Integers("rows", count, 0, 12)), output);
            return whole.ToArray();
        });
        Agreement.SameBits(gpu, cpu);
    }

    [TestCase(1, 1)]
    [TestCase(1, 100)]
    [TestCase(17, 63)]
    [TestCase(1000, 700)]
    public void Draws_are_those_of_the_CPU(int candidates, int draws)
    {
        foreach (var forwardCount in (ReadOnlySpan<uint>)[0, 1, uint.MaxValue])
        {
            var (gpu, cpu) = OnBoth(device =>
            {
                var output = device.AllocateIndices(draws);
                device.Sampling.UniformCandidates(
                    device.Upload([.. Enumerable.Range(5, candidates).Select(i => 3 * i)]), 0xFEDCBA9876543210, forwardCount, 0x89ABCDEF, output);
                return output.ToArray();
            });
            Assert.That(gpu, Is.EqualTo(cpu));
        }
    }

    /// <summary>Sorting of ids, in one pass of four bits and in several, over one tile and over many.</summary>
    [TestCase(5, 2)]
    [TestCase(300, 16)]
    [TestCase(700, 17)]
    [TestCase(600, 5000)]
    public void Gradients_of_tables_agree_whatever_the_ids(int tokens, int rows)
    {
        var ids = Values.Integers("ids", tokens, 0, rows);
        int[] offsets = [0, tokens / 3, tokens / 3, tokens];
        var (gpu, cpu) = OnBoth(device =>
        {
            var table = device.Upload(Values.Uniform("table", rows * 3), Shape.Matrix(rows, 3));
            device.Embedding.EmbedSequencesBackward(
                device.Upload(ids), new JaggedLayout(offsets), 1.5f, DropoutSite.None, device.Upload(Values.Uniform("dy", tokens * 3), Shape.Matrix(tokens, 3)),
                new GradientTarget(table, true), GradientTarget.None);
            return table.ToArray();
        });
        Agreement.Close(gpu, cpu, 1e-6, 1e-5);
    }

    [TestCase(-1)]
    [TestCase(9)]
    [TestCase(int.MaxValue)]
    [TestCase(int.MinValue)]
    public void An_id_outside_its_table_is_named_as_on_the_CPU(int wrong)
    {
        var layout = new JaggedLayout([0, 3]);
        FailsAlike<ArgumentException>(device => device.Embedding.GatherRows(Table(device), device.Upload([0, 8, wrong]), device.Allocate(Shape.Matrix(3, 2))));
        FailsAlike<ArgumentException>(device => device.Embedding.EmbedSequences(
            Table(device), null, device.Upload([1, wrong, 8]), layout, 1, DropoutSite.None, device.Allocate(Shape.Matrix(3, 2))));
        FailsAlike<ArgumentException>(device => device.Embedding.EmbedSequencesBackward(
            device.Upload([1, wrong, 8]), layout, 1, DropoutSite.None, device.Allocate(Shape.Matrix(3, 2)), new GradientTarget(Table(device), false),
            GradientTarget.None));
        FailsAlike<ArgumentException>(device => Softmax(device, [1, wrong, 8], [1, 2, 3]));
        FailsAlike<ArgumentException>(device => Softmax(device, [1, 2, 8], [1, 2, wrong]));
    }

    [Test]
    public void A_table_without_rows_has_no_id() => FailsAlike<ArgumentException>(device => device.Embedding.GatherRows(
        device.Allocate(Shape.Matrix(0, 2)), device.Upload([0]), device.Allocate(Shape.Matrix(1, 2))));

    private static Tensor Table(Device device) => device.Upload(Values.Uniform("table", 18), Shape.Matrix(9, 2));

    private static void Softmax(Device device, int[] labels, int[] negatives) => device.Loss.SampledSoftmax(
        device.Upload(Values.Uniform("queries", 6), Shape.Matrix(3, 2)), Table(device), device.Upload(labels), device.Upload(negatives), 0.05f, 1f,
        device.Allocate(Shape.Matrix(1, 1)), null, null);
}
