using LargeRec.Autograd.Functions;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Tests;

/// <summary>A tape that traces names the function that made the first NaN or infinity.</summary>
public sealed class NonFiniteTracingTests
{
    private CpuDevice _device = null!;

    [SetUp]
    public void Start() => _device = new CpuDevice(1);

    [TearDown]
    public void Stop() => _device.Dispose();

    [Test]
    public void A_value_names_its_function([Values(float.NaN, float.PositiveInfinity, 1e30f)] float value)
    {
        using var step = _device.BeginStep();
        var tape = new Tape(_device, traceNonFinite: true);
        var x = Leaf(value);
        Assert.That(
            () => Projection<Identity>.Apply(tape, x, Leaf(1e30f)),
            Throws.TypeOf<NonFiniteException>().With.Property(nameof(NonFiniteException.Operation)).EqualTo("projection").And.Message.Contains("[1, 1]"));
    }

    [Test]
    public void A_gradient_of_a_leaf_names_the_function_whose_backward_made_it()
    {
        // x·w is 1e-10·1e30, and with an upstream of 1e20 d/dx overflows.
        using var step = _device.BeginStep();
        var tape = new Tape(_device, traceNonFinite: true);
        var y = Projection<Identity>.Apply(tape, Leaf(1e-10f), Leaf(1e30f));
        Assert.That(
            () => tape.Backward(y, _device.Upload([1e20f], y.Shape)),
            Throws.TypeOf<NonFiniteException>().With.Property(nameof(NonFiniteException.Operation)).EqualTo("projection"));
    }

    [Test]
    public void A_gradient_between_functions_names_the_one_that_made_it_and_not_the_one_that_takes_it()
    {
        using var step = _device.BeginStep();
        var tape = new Tape(_device, traceNonFinite: true);
        var y = Projection<Identity>.Apply(tape, Leaf(1e-10f), Leaf(1));
        var z = Linear.Apply(tape, y, Leaf(1e30f));
        Assert.That(
            () => tape.Backward(z, _device.Upload([1e20f], y.Shape)),
            Throws.TypeOf<NonFiniteException>().With.Property(nameof(NonFiniteException.Operation)).EqualTo("linear"));
    }

    [Test]
    public void Without_tracing_they_pass()
    {
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        var x = Leaf(float.NaN);
        tape.Backward(Projection<Identity>.Apply(tape, x, Leaf(1)));
        Assert.That(x.Gradient!.ToScalar(), Is.EqualTo(1));
    }

    [Test]
    public void Finite_computations_pass()
    {
        using var step = _device.BeginStep();
        var tape = new Tape(_device, traceNonFinite: true);
        var x = Leaf(3);
        var slices = SplitColumns.Apply(tape, Projection<Identity>.Apply(tape, x, Leaf(2)), 1);
        tape.Backward(Linear.Apply(tape, slices[0], Leaf(5), residual: slices[0]));
        Assert.That(x.Gradient!.ToScalar(), Is.EqualTo(12));
    }

    private Variable Leaf(float value)
    {
        var tensor = _device.AllocatePersistent(Shape.Matrix(1, 1));
        _device.Pointwise.Fill(tensor, value);
        return Variable.Leaf(tensor);
    }
}
