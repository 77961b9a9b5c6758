using LargeRec.Engine.Cpu;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests.Tensors;

public sealed class TensorTests
{
    private static readonly float[] TwelveValues = [.. Enumerable.Range(0, 12).Select(i => (float)i)];

    private CpuDevice _device = null!;

    [SetUp]
    public void Start() => _device = new CpuDevice(1);

    [TearDown]
    public void Stop() => _device.Dispose();

    [Test]
    public void Upload_and_download_keep_the_order()
    {
        using var step = _device.BeginStep();
        Assert.That(Twelve().ToArray(), Is.EqualTo(TwelveValues));
    }

    [Test]
    public void Slices_are_views_of_the_same_memory()
    {
        using var step = _device.BeginStep();
        var x = Twelve();
        var columns = x.SliceColumns(1, 2);
        var corner = columns.SliceRows(1, 2).SliceColumns(1, 1);
        Assert.That(columns.ToArray(), Is.EqualTo(new[] { 1f, 2, 5, 6, 9, 10 }));
        Assert.That(columns.RowStride, Is.EqualTo(4));
        Assert.That(columns.IsContiguous, Is.False);
        Assert.That(corner.ToArray(), Is.EqualTo(new[] { 6f, 10 }));
        _device.Upload([60, 100], corner);
        Assert.That(x.ToArray(), Is.EqualTo(new[] { 0f, 1, 2, 3, 4, 5, 60, 7, 8, 9, 100, 11 }));
    }

    [Test]
    public void Rows_and_single_rows_are_contiguous()
    {
        using var step = _device.BeginStep();
        var x = Twelve();
        Assert.That(x.SliceRows(1, 2).IsContiguous);
        Assert.That(x.SliceColumns(1, 2).SliceRows(2, 1).IsContiguous);
        Assert.That(x.SliceRows(1, 2).ToArray(), Is.EqualTo(new[] { 4f, 5, 6, 7, 8, 9, 10, 11 }));
    }

    [TestCase(0, 0)]
    [TestCase(4, 0)]
    [TestCase(0, 4)]
    public void Empty_and_whole_slices_are_slices(int start, int count)
    {
        using var step = _device.BeginStep();
        Assert.That(Twelve().SliceColumns(start, count).Shape, Is.EqualTo(Shape.Matrix(3, count)));
    }

    [TestCase(-1, 1)]
    [TestCase(0, 5)]
    [TestCase(4, 1)]
    [TestCase(2, -1)]
    [TestCase(int.MaxValue, int.MaxValue)]
    public void Slices_outside_throw_and_name_the_shape(int start, int count)
    {
        using var step = _device.BeginStep();
        var x = Twelve();
        Assert.That(() => x.SliceColumns(start, count), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("[3, 4]"));
        Assert.That(() => x.SliceRows(start, count), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("[3, 4]"));
    }

    [Test]
    public void Keep_copies_a_slice_into_memory_that_outlives_the_step()
    {
        Tensor kept, slice;
        using (_device.BeginStep())
        {
            slice = Twelve().SliceColumns(1, 2);
            kept = slice.Keep();
        }

        Assert.That(kept.ToArray(), Is.EqualTo(new[] { 1f, 2, 5, 6, 9, 10 }));
        Assert.That(kept.IsContiguous);
        Assert.That(kept.Step, Is.Zero);
        Assert.That(() => slice.Keep(), Throws.TypeOf<ObjectDisposedException>().With.Message.Contains("step 1").And.Message.Contains("[3, 2]"));
    }

    [Test]
    public void A_scalar_is_read_and_a_matrix_is_none()
    {
        using var step = _device.BeginStep();
        Assert.That(Twelve().SliceRows(2, 1).SliceColumns(3, 1).ToScalar(), Is.EqualTo(11));
        Assert.That(() => Twelve().ToScalar(), Throws.InvalidOperationException.With.Message.Contains("[3, 4]"));
    }

    [Test]
    public void Wrong_lengths_throw_and_name_the_shape()
    {
        using var step = _device.BeginStep();
        Assert.That(() => _device.Upload([1f], Twelve()), Throws.ArgumentException.With.Message.Contains("upload").And.Message.Contains("[3, 4]"));
        Assert.That(() => _device.Download(Twelve(), new float[5]), Throws.ArgumentException.With.Message.Contains("download").And.Message.Contains("[3, 4]"));
    }

    [Test]
    public void Indices_make_the_round_trip()
    {
        int[] values = [3, int.MaxValue, 0, int.MinValue, -1];
        using var step = _device.BeginStep();
        var indices = _device.Upload(values);
        Assert.That(indices.Length, Is.EqualTo(5));
        Assert.That(indices.ToArray(), Is.EqualTo(values));
        Assert.That(_device.Upload(ReadOnlySpan<int>.Empty).ToArray(), Is.Empty);
        Assert.That(() => _device.Upload([1], indices), Throws.ArgumentException.With.Message.Contains("upload"));
    }

    [Test]
    public void Persistent_indices_outlive_steps()
    {
        var indices = _device.UploadPersistent([1, 2, 3]);
        using (_device.BeginStep())
        {
        }

        Assert.That(indices.ToArray(), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(indices.Step, Is.Zero);
    }

    [Test]
    public void Shapes_say_what_they_are()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Shape.Scalar.ToString(), Is.EqualTo("[]"));
            Assert.That(Shape.Vector(7).ToString(), Is.EqualTo("[7]"));
            Assert.That(Shape.Matrix(812, 50).ToString(), Is.EqualTo("[812, 50]"));
            Assert.That(Shape.Scalar.ToDimensions(), Is.Empty);
            Assert.That(Shape.Vector(7).ToDimensions(), Is.EqualTo(new[] { 7 }));
            Assert.That(Shape.Matrix(1, 7).ToDimensions(), Is.EqualTo(new[] { 1, 7 }));
            Assert.That(Shape.Matrix(100_000, 100_000).Count, Is.EqualTo(10_000_000_000));
            Assert.That(() => Shape.Matrix(-1, 7), Throws.TypeOf<ArgumentOutOfRangeException>());
        }
    }

    private Tensor Twelve() => _device.Upload(TwelveValues, Shape.Matrix(3, 4));
}
