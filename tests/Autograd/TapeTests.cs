using LargeRec.Autograd.Functions;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Tests;

/// <summary>The rules of the tape, with products as functions: y = x·W.</summary>
public sealed class TapeTests
{
    private CpuDevice _device = null!;

    [SetUp]
    public void Start() => _device = new CpuDevice(1);

    [TearDown]
    public void Stop() => _device.Dispose();

    [Test]
    public void A_variable_used_twice_gets_the_sum_of_both_gradients()
    {
        var (x, w) = (Leaf(1, 1, 3), Leaf(1, 1, 5));
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        var y = Multiply(tape, x, w);
        var square = Multiply(tape, y, y);
        tape.Backward(square);
        Assert.That(x.Gradient!.ToScalar(), Is.EqualTo(2 * 15 * 5));
        Assert.That(w.Gradient!.ToScalar(), Is.EqualTo(2 * 15 * 3));
    }

    [Test]
    public void A_residual_that_is_used_elsewhere_too_gets_every_gradient()
    {
        // y = x·w; z = y·w + y; L = z·y: the seed is handed on as a residual's gradient, and added to.
        var (x, w) = (Leaf(1, 1, 3), Leaf(1, 1, 5));
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        var y = Multiply(tape, x, w);
        var z = Linear.Apply(tape, y, w, residual: y);
        tape.Backward(Linear.Apply(tape, z, y, residual: y));

        // L = x²w²(w + 1) + x·w.
        Assert.That(x.Gradient!.ToScalar(), Is.EqualTo((2 * 3 * 25 * 6) + 5));
        Assert.That(w.Gradient!.ToScalar(), Is.EqualTo((9 * ((3 * 25) + (2 * 5))) + 3));
    }

    [Test]
    public void One_variable_as_input_and_residual_gets_both_gradients()
    {
        var (x, w) = (Leaf(1, 1, 3), Leaf(1, 1, 5));
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        tape.Backward(Linear.Apply(tape, x, w, residual: x));
        Assert.That(x.Gradient!.ToScalar(), Is.EqualTo(6));
        Assert.That(w.Gradient!.ToScalar(), Is.EqualTo(3));
    }

    [Test]
    public void No_grad_records_nothing_and_ends_when_disposed()
    {
        var (x, w) = (Leaf(2, 1, 3), Leaf(1, 1, 5));
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        using (tape.NoGrad())
        {
            using (tape.NoGrad())
            {
                Assert.That(tape.IsRecording, Is.False);
            }

            Assert.That(tape.IsRecording, Is.False);
            var y = Multiply(tape, x, w);
            Assert.That(y.RequiresGradient, Is.False);
            Assert.That(y.Value.ToArray(), Is.EqualTo(new[] { 15f, 15f }));
        }

        Assert.That(tape.Count, Is.Zero);
        Assert.That(tape.IsRecording);
        Multiply(tape, x, w);
        Assert.That(tape.Count, Is.EqualTo(1));
    }

    [Test]
    public void What_depends_on_constants_alone_is_not_recorded()
    {
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        var constant = Variable.Constant(_device.Upload([2f], Shape.Matrix(1, 1)));
        var y = Multiply(tape, constant, constant);
        Assert.That(tape.Count, Is.Zero);
        Assert.That(() => tape.Backward(y), Throws.InvalidOperationException.With.Message.Contains("not recorded on this tape"));
    }

    [Test]
    public void Constants_get_no_gradient()
    {
        var x = Leaf(1, 1, 3);
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        var constant = Variable.Constant(_device.Upload([2f], Shape.Matrix(1, 1)));
        tape.Backward(Linear.Apply(tape, x, constant, residual: constant));
        Assert.That(constant.Gradient, Is.Null);
        Assert.That(x.Gradient!.ToScalar(), Is.EqualTo(2));
    }

    [Test]
    public void Backward_twice_throws()
    {
        var (x, w) = (Leaf(1, 1, 3), Leaf(1, 1, 5));
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        var loss = Multiply(tape, x, w);
        tape.Backward(loss);
        Assert.That(() => tape.Backward(loss), Throws.InvalidOperationException.With.Message.Contains("backward pass has been run")
            .And.Message.Contains("new tape"));
        Assert.That(() => Multiply(tape, x, w), Throws.InvalidOperationException.With.Message.Contains("projection").And.Message.Contains("new tape"));
    }

    [Test]
    public void A_loss_that_is_no_scalar_throws_and_names_its_shape()
    {
        var (x, w) = (Leaf(2, 3, 1), Leaf(3, 4, 1));
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        var y = Multiply(tape, x, w);
        Assert.That(() => tape.Backward(y), Throws.InvalidOperationException.With.Message.Contains("[2, 4]").And.Message.Contains("scalar"));
        tape.Backward(Multiply(tape, Multiply(tape, Leaf(1, 2, 1), y), Leaf(4, 1, 1)));
        Assert.That(x.Gradient!.ToArray(), Has.All.EqualTo(4), "the refused pass has spoilt nothing");
    }

    [Test]
    public void Backward_from_a_given_gradient_weighs_every_output()
    {
        var (x, w) = (Leaf(2, 1, 3), Leaf(1, 2, 5));
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        var y = Multiply(tape, x, w);
        var gradient = _device.Upload([1, 2, 3, 4], y.Shape);
        tape.Backward(y, gradient);
        Assert.That(x.Gradient!.ToArray(), Is.EqualTo(new[] { 15f, 35f }));
        Assert.That(w.Gradient!.ToArray(), Is.EqualTo(new[] { 12f, 18f }));
        Assert.That(gradient.ToArray(), Is.EqualTo(new[] { 1f, 2f, 3f, 4f }), "it is copied, not consumed");
        Assert.That(() => tape.Backward(y, gradient), Throws.InvalidOperationException.With.Message.Contains("backward pass has been run"));
    }

    [Test]
    public void Backward_from_a_gradient_of_another_shape_throws()
    {
        var (x, w) = (Leaf(2, 1, 3), Leaf(1, 2, 5));
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        var y = Multiply(tape, x, w);
        Assert.That(
            () => tape.Backward(y, _device.Upload([1, 2], Shape.Matrix(1, 2))),
            Throws.ArgumentException.With.Message.Contains("[1, 2]").And.Message.Contains("[2, 2]"));
    }

    [Test]
    public void A_leaf_is_no_loss()
    {
        using var step = _device.BeginStep();
        Assert.That(() => new Tape(_device).Backward(Leaf(1, 1, 3)), Throws.InvalidOperationException.With.Message.Contains("not recorded"));
    }

    [Test]
    public void A_loss_of_another_tape_throws()
    {
        using var step = _device.BeginStep();
        var loss = Multiply(new Tape(_device), Leaf(1, 1, 3), Leaf(1, 1, 5));
        Assert.That(() => new Tape(_device).Backward(loss), Throws.InvalidOperationException.With.Message.Contains("not recorded on this tape"));
    }

    [Test]
    public void Mixed_devices_throw_and_name_both()
    {
        using var other = new CpuDevice(2);
        var foreign = other.AllocatePersistent(Shape.Matrix(1, 1));
        using var step = _device.BeginStep();
        using var otherStep = other.BeginStep();
        Assert.That(
            () => Multiply(new Tape(_device), Leaf(1, 1, 3), Variable.Leaf(foreign)),
            Throws.ArgumentException.With.Message.Contains(_device.Name).And.Message.Contains(other.Name));
        Assert.That(
            () => Multiply(new Tape(_device), Variable.Leaf(foreign), Variable.Leaf(foreign)),
            Throws.ArgumentException.With.Message.Contains(_device.Name).And.Message.Contains(other.Name));
    }

    [Test]
    public void A_value_used_after_its_step_throws_and_names_the_step()
    {
        Variable y;
        using (_device.BeginStep())
        {
        }

        using (_device.BeginStep())
        {
            y = Multiply(new Tape(_device), Leaf(2, 1, 3), Leaf(1, 2, 5));
        }

        Assert.That(() => y.Value, Throws.TypeOf<ObjectDisposedException>().With.Message.Contains("[2, 2]").And.Message.Contains("step 2"));
        using var later = _device.BeginStep();
        Assert.That(() => Multiply(new Tape(_device), y, y), Throws.TypeOf<ObjectDisposedException>().With.Message.Contains("step 2"));
    }

    [Test]
    public void A_value_used_after_the_backward_pass_throws_and_the_loss_stays()
    {
        var (x, w) = (Leaf(1, 1, 3), Leaf(1, 1, 5));
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        var y = Multiply(tape, x, w);
        var loss = Multiply(tape, y, w);
        tape.Backward(loss);
        Assert.That(() => y.Value, Throws.TypeOf<ObjectDisposedException>().With.Message.Contains("backward pass"));
        Assert.That(loss.Value.ToScalar(), Is.EqualTo(75));
        Assert.That(x.Value.ToScalar(), Is.EqualTo(3));
    }

    [Test]
    public void Values_are_freed_as_the_backward_pass_goes()
    {
        // A chain of 40: without freeing its values and gradients would be 80 blocks; 3 gradients at most are alive beside the values.
        const int Length = 40;
        const int Rows = 1000;
        var (x, w) = (Leaf(Rows, 8, 1), Leaf(8, 8, 0.1f));
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        var y = Multiply(tape, x, w);
        for (var i = 1; i < Length; i++)
        {
            y = Multiply(tape, y, w);
        }

        tape.Backward(y, y.Value);
        Assert.That(_device.PeakStepBytes, Is.LessThanOrEqualTo((Length + 3) * Rows * 8 * sizeof(float)));
        var peak = _device.PeakStepBytes;
        for (var i = 0; i < Length - 1; i++)
        {
            _device.Allocate(y.Shape);
        }

        Assert.That(_device.PeakStepBytes, Is.EqualTo(peak), "but for the last value all is free again");
    }

    [Test]
    public void Gradients_of_leaves_outlive_steps_and_grow_until_they_are_cleared()
    {
        var (x, w) = (Leaf(1, 1, 3), Leaf(1, 1, 5));
        Tensor? gradient = null;
        foreach (var expected in new[] { 5f, 10f, 15f })
        {
            RunStep(x, w);
            gradient ??= x.Gradient;
            Assert.That(x.Gradient!.ToScalar(), Is.EqualTo(expected));
            Assert.That(x.Gradient, Is.SameAs(gradient));
        }

        x.ClearGradient();
        Assert.That(x.Gradient, Is.Null);
        RunStep(x, w);
        Assert.That(x.Gradient!.ToScalar(), Is.EqualTo(5));
        Assert.That(w.Gradient!.ToScalar(), Is.EqualTo(12), "each gradient is cleared for itself");
    }

    [Test]
    public void A_leaf_must_outlive_steps()
    {
        using var step = _device.BeginStep();
        var value = _device.Allocate(Shape.Scalar);
        Assert.That(() => Variable.Leaf(value), Throws.ArgumentException.With.Message.Contains("step 1").And.Message.Contains("AllocatePersistent"));
    }

    [Test]
    public void What_the_loss_does_not_depend_on_gets_no_gradient()
    {
        var (x, w, unused) = (Leaf(1, 1, 3), Leaf(1, 1, 5), Leaf(1, 1, 7));
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        var loss = Multiply(tape, x, w);
        Multiply(tape, unused, w);
        tape.Backward(loss);
        Assert.That(unused.Gradient, Is.Null);
        Assert.That(w.Gradient!.ToScalar(), Is.EqualTo(3));
    }

    private static Variable Multiply(Tape tape, Variable x, Variable w) => Projection<Identity>.Apply(tape, x, w);

    private void RunStep(Variable x, Variable w)
    {
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        tape.Backward(Multiply(tape, x, w));
    }

    private Variable Leaf(int rows, int columns, float value)
    {
        var tensor = _device.AllocatePersistent(Shape.Matrix(rows, columns));
        _device.Pointwise.Fill(tensor, value);
        return Variable.Leaf(tensor);
    }
}
