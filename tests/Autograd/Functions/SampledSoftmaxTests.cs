using LargeRec.Autograd.Functions;
using LargeRec.Cases;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Tests.Functions;

/// <summary>The loss as a part of a larger one: its gradients are made in the forward pass and only scaled in the backward.</summary>
public sealed class SampledSoftmaxTests
{
    private CpuDevice _device = null!;

    [SetUp]
    public void Start() => _device = new CpuDevice(1);

    [TearDown]
    public void Stop() => _device.Dispose();

    [Test]
    public void A_small_factor_keeps_its_digits([Values(1e-7f, 1e-3f, -40f)] float factor)
    {
        var expected = Gradient((_, loss) => loss);
        var actual = Gradient((tape, loss) => Linear.Apply(tape, loss, Scalar(factor)));
        AssertScaled(actual, expected, factor);
    }

    [Test]
    public void Being_a_residual_and_a_factor_both_count()
    {
        // 3·2·loss + loss: the seed of the backward pass becomes the loss's gradient first, and is added to.
        var expected = Gradient((_, loss) => loss);
        var actual = Gradient((tape, loss) => Linear.Apply(tape, Linear.Apply(tape, loss, Scalar(2)), Scalar(3), residual: loss));
        AssertScaled(actual, expected, 7);
    }

    private static void AssertScaled(float[] actual, float[] expected, float factor)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.That(actual[i], Is.EqualTo(factor * expected[i]).Within(1e-6 * Math.Abs(factor * expected[i])));
        }
    }

    private float[] Gradient(Func<Tape, Variable, Variable> total)
    {
        var queries = Leaf(Shape.Matrix(5, 4));
        var items = Leaf(Shape.Matrix(7, 4));
        using var step = _device.BeginStep();
        var tape = new Tape(_device);
        var loss = SampledSoftmax.Apply(tape, queries, items, _device.Upload([1, 2, 0, 3, 6]), _device.Upload([2, 4, 5, 1, 3, 4, 6, 5, 1, 2]), 0.5f, 0.2f);
        tape.Backward(total(tape, loss));
        return [.. queries.Gradient!.ToArray(), .. items.Gradient!.ToArray()];
    }

    private Variable Scalar(float value)
    {
        var tensor = _device.AllocatePersistent(Shape.Matrix(1, 1));
        _device.Pointwise.Fill(tensor, value);
        return Variable.Leaf(tensor);
    }

    private Variable Leaf(Shape shape)
    {
        var tensor = _device.AllocatePersistent(shape);
        _device.Upload(CaseNumbers.Normal($"leaf {shape}", (int)shape.Count), tensor);
        return Variable.Leaf(tensor);
    }
}
