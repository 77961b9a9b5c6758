using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Tests;

/// <summary>Steps, memory that outlives them, and what errors say.</summary>
public sealed class DeviceTests
{
    private CpuDevice _device = null!;

    [SetUp]
    public void Start() => _device = new CpuDevice(1);

    [TearDown]
    public void Stop() => _device.Dispose();

    [Test]
    public void Steps_do_not_nest()
    {
        using var step = _device.BeginStep();
        Assert.That(() => _device.BeginStep(), Throws.InvalidOperationException.With.Message.Contains("Step 1 is still open")
            .And.Message.Contains("do not nest"));
    }

    [Test]
    public void Steps_are_counted_and_end_once()
    {
        var first = _device.BeginStep();
        first.Dispose();
        using var second = _device.BeginStep();
        first.Dispose();
        Assert.That(_device.CurrentStep, Is.SameAs(second), "disposing an old step again does not end the new one");
        Assert.That(second.Number, Is.EqualTo(2));
    }

    [Test]
    public void Allocating_without_a_step_throws_and_says_how()
    {
        Assert.That(() => _device.Allocate(Shape.Scalar), Throws.InvalidOperationException.With.Message.Contains("No step is open")
            .And.Message.Contains("BeginStep"));
        Assert.That(() => _device.Upload([1, 2]), Throws.InvalidOperationException.With.Message.Contains("No step is open"));
        _device.BeginStep().Dispose();
        Assert.That(() => _device.Allocate(Shape.Scalar), Throws.InvalidOperationException.With.Message.Contains("No step is open"));
    }

    [Test]
    public void A_tensor_used_after_its_step_throws_and_names_it()
    {
        Tensor x;
        IndexTensor ids;
        using (_device.BeginStep())
        {
            x = _device.Allocate(Shape.Matrix(3, 4));
            ids = _device.Upload([1, 2]);
        }

        Assert.That(x.IsAlive, Is.False);
        Assert.That(
            () => x.ToArray(),
            Throws.TypeOf<ObjectDisposedException>().With.Message.Contains("tensor [3, 4]").And.Message.Contains("step 1").And.Message.Contains("Keep()"));
        Assert.That(
            () => ids.ToArray(),
            Throws.TypeOf<ObjectDisposedException>().With.Message.Contains("index tensor [2]").And.Message.Contains("step 1"));
        Assert.That(() => x.SliceRows(0, 1), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => _device.Pointwise.Fill(x, 1), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void A_tensor_is_dead_even_when_its_memory_is_somebody_elses()
    {
        Tensor x;
        using (_device.BeginStep())
        {
            x = _device.Upload([1f], Shape.Scalar);
        }

        using var step = _device.BeginStep();
        var other = _device.Upload([2f], Shape.Scalar);
        Assert.That(() => x.ToScalar(), Throws.TypeOf<ObjectDisposedException>().With.Message.Contains("step 1"));
        Assert.That(other.ToScalar(), Is.EqualTo(2));
    }

    [Test]
    public void Released_memory_is_dead_in_every_view_and_used_again()
    {
        using var step = _device.BeginStep();
        var x = _device.Allocate(Shape.Matrix(1000, 100));
        var slice = x.SliceColumns(1, 2);
        _device.Release(x);
        Assert.That(slice.IsAlive, Is.False);
        Assert.That(() => _device.Release(slice), Throws.Nothing, "freeing twice does nothing");
        var peak = _device.PeakStepBytes;
        _device.Allocate(Shape.Matrix(1000, 100));
        Assert.That(_device.PeakStepBytes, Is.EqualTo(peak));
    }

    [Test]
    public void Releasing_one_tensor_leaves_the_others()
    {
        using var step = _device.BeginStep();
        var tensors = Enumerable.Range(0, 20).Select(i => _device.Upload([i], Shape.Vector(1))).ToArray();
        foreach (var i in new[] { 3, 0, 19, 7 })
        {
            _device.Release(tensors[i]);
        }

        foreach (var i in new[] { 1, 2, 4, 5, 18 })
        {
            Assert.That(tensors[i].ToScalar(), Is.EqualTo(i));
        }
    }

    [Test]
    public void Persistent_memory_starts_with_zeros_and_is_counted()
    {
        var x = _device.AllocatePersistent(Shape.Matrix(100, 10));
        Assert.That(x.ToArray(), Has.All.Zero);
        Assert.That(_device.PersistentBytes, Is.EqualTo(4000));
        _device.Release(x);
        Assert.That(_device.PersistentBytes, Is.Zero);
        Assert.That(() => x.ToArray(), Throws.TypeOf<ObjectDisposedException>().With.Message.Contains("was released"));
        Assert.That(() => _device.Release(x), Throws.Nothing);
    }

    [Test]
    public void A_disposed_device_allocates_nothing()
    {
        var device = new CpuDevice(2);
        var x = device.AllocatePersistent(Shape.Scalar);
        device.Dispose();
        Assert.That(x.IsAlive, Is.False);
        Assert.That(() => device.BeginStep(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => device.AllocatePersistent(Shape.Scalar), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(device.Dispose, Throws.Nothing, "disposing twice is harmless");
    }

    [Test]
    public void Held_bytes_stay_the_same_after_the_largest_step()
    {
        void Run(int rows)
        {
            using var step = _device.BeginStep();
            var x = _device.Allocate(Shape.Matrix(rows, 100));
            var y = _device.Allocate(Shape.Matrix(rows, 300));
            _device.Release(x);
            _device.Allocate(Shape.Matrix(rows, 50));
            _device.Release(y);
            _device.Allocate(Shape.Matrix(rows, 250));
        }

        Run(5000);
        Run(5000);
        var held = _device.HeldBytes;
        for (var i = 0; i < 200; i++)
        {
            Run(1 + (i * 7919 % 5000));
            Assert.That(_device.HeldBytes, Is.EqualTo(held));
        }
    }

    [Test]
    public void Errors_name_the_operation_and_both_shapes()
    {
        using var step = _device.BeginStep();
        Tensor Matrix(int rows, int columns) => _device.Allocate(Shape.Matrix(rows, columns));
        var layout = new JaggedLayout([0, 812]);
        void Attend(int keyRows, int valueRows, int valueColumns, int heads = 1, int normalizer = 900, Tensor? position = null, Tensor? time = null) =>
            _device.Attention.Hstu(
                new(Matrix(812, 50), Matrix(keyRows, 50), Matrix(valueRows, valueColumns), heads, normalizer, position, time),
                layout,
                Matrix(valueRows, valueColumns));
        Expect("attention: q [812, 50] and k [800, 50] differ in shape", () => Attend(800, 812, 50));
        Expect("attention: q [812, 50] and v [811, 50] differ in rows", () => Attend(812, 811, 50));
        Expect("attention: q [812, 50] and v [812, 40] cannot be split into 4 heads", () => Attend(812, 812, 40, heads: 4));
        Expect("attention: N is 800 but a sequence has 812 rows", () => Attend(812, 812, 50, normalizer: 800));
        Expect("attention: a time bias needs times", () => Attend(812, 812, 50, time: _device.Allocate(Shape.Vector(129))));
        Expect(
            "attention: the position bias [5] must have 2 N − 1 = 1799 values",
            () => Attend(812, 812, 50, position: _device.Allocate(Shape.Vector(5))));
        Expect(
            "product: a [2, 3] and b [4, 5] differ in the dimension that is summed (3 and 4)",
            () => _device.Products.Multiply(Matrix(2, 3), false, Matrix(4, 5), false, Matrix(2, 5)));
        Expect(
            "product: a [2, 3] transposed and b [4, 5] transposed",
            () => _device.Products.Multiply(Matrix(2, 3), true, Matrix(4, 5), true, Matrix(2, 5)));
        Expect(
            "product: output [2, 6] must be [2, 5]",
            () => _device.Products.Multiply(Matrix(2, 3), false, Matrix(3, 5), false, Matrix(2, 6)));
        Expect(
            "layer norm: x [2, 3] and y [3, 2] differ in shape",
            () => _device.Normalization.LayerNorm(Matrix(2, 3), 1e-6f, Matrix(3, 2)));
        Expect(
            "gated layer norm: y [2, 3] must be [2, 9]",
            () => _device.Normalization.GatedLayerNorm(Matrix(2, 3), Matrix(2, 3), 1e-6f, true, DropoutSite.None, Matrix(2, 3)));
        Expect(
            "dropout: the dropout rate 1 must be at least 0 and below 1",
            () => _device.Pointwise.Dropout(Matrix(2, 3), new DropoutSite(1, 0, 0, 0), Matrix(2, 3)));
        Expect(
            "embed sequences: ids has 2 entries and must have 812",
            () => _device.Embedding.EmbedSequences(Matrix(5, 4), null, _device.Upload([1, 2]), layout, 1, DropoutSite.None, Matrix(812, 4)));
        Expect(
            "embed sequences: positions [800, 4] end before the longest sequence of 812 rows",
            () => _device.Embedding.EmbedSequences(Matrix(5, 4), Matrix(800, 4), _device.AllocateIndices(812), layout, 1, DropoutSite.None, Matrix(812, 4)));
        Expect(
            "sampled softmax: queries [2, 3] and items [7, 4] differ in columns",
            () => _device.Loss.SampledSoftmax(Matrix(2, 3), Matrix(7, 4), _device.Upload([1, 2]), _device.Upload([1, 2]), 1, 1, Matrix(1, 1), null, null));
        Expect(
            "sampled softmax: 3 negatives do not divide among 2 tokens",
            () => _device.Loss.SampledSoftmax(Matrix(2, 3), Matrix(7, 3), _device.Upload([1, 2]), _device.Upload([1, 2, 3]), 1, 1, Matrix(1, 1), null, null));
        Expect(
            "adamw: gradient [2, 3] and parameter [3, 2] differ in shape",
            () => _device.Optimizer.AdamW(Matrix(3, 2), Matrix(2, 3), Matrix(3, 2), Matrix(3, 2), new(1, 1, 1, 1, 1, 1)));
        Expect("sum rows: output [1, 2] must be [1, 3]", () => _device.Reduction.SumRows(Matrix(5, 3), new(Matrix(1, 2), false)));
    }

    [Test]
    public void Arguments_of_two_devices_throw_and_name_both()
    {
        using var other = new CpuDevice(3);
        using var step = _device.BeginStep();
        using var otherStep = other.BeginStep();
        var (here, there) = (_device.Allocate(Shape.Scalar), other.Allocate(Shape.Scalar));
        Assert.That(
            () => _device.Pointwise.Copy(there, here),
            Throws.ArgumentException.With.Message.Contains("copy").And.Message.Contains(_device.Name).And.Message.Contains(other.Name));
    }

    private static void Expect(string message, Action operation) => Assert.That(operation, Throws.ArgumentException.With.Message.Contains(message));
}
