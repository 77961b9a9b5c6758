namespace LargeRec.Autograd.Tests;

/// <summary>The check finds what is wrong and lets pass what is right.</summary>
public sealed class GradientCheckTests
{
    private static readonly float[] X = [.. Enumerable.Range(0, 200).Select(i => MathF.Sin(i))];

    [Test]
    public void The_right_gradient_passes() => Assert.That(Check().Compare([Gradient()]).Passed, $"{Check().Compare([Gradient()])}");

    [Test]
    public void A_gradient_of_a_thousandth_too_much_is_found() =>
        Assert.That(Check().Compare([[.. Gradient().Select(g => g * 1.001f)]]).Passed, Is.False);

    [Test]
    public void One_wrong_value_is_found_wherever_it_stands([Values(0, 57, 123, 199)] int index)
    {
        var gradient = Gradient();
        gradient[index] += 0.01f;
        Assert.That(Check().Compare([gradient]).Passed, Is.False);
    }

    [Test]
    public void A_value_of_NaN_is_found([Values(0, 57, 123, 199)] int index)
    {
        var gradient = Gradient();
        gradient[index] = float.NaN;
        Assert.That(Check().Compare([gradient]).Passed, Is.False);
    }

    [Test]
    public void A_missing_gradient_counts_as_zero()
    {
        Assert.That(Check().Compare([null]).Passed, Is.False);
        var constant = new GradientCheck(_ => [3.0], [new("x", X)], [1f]);
        Assert.That(constant.Compare([null]).Passed);
    }

    [Test]
    public void The_report_names_input_index_and_both_values()
    {
        var gradient = Gradient();
        gradient[0] = 5;
        var report = Check().Compare([gradient]);
        Assert.That(report.ToString(), Does.Contain("x[0]: gradient 5, central difference ").And.Contain("allowed"));
        Assert.That(report.Mismatches[0].Difference, Is.EqualTo(2 * X[0] * Upstream()[0]).Within(1e-9));
    }

    [Test]
    public void The_tolerance_grows_where_rounding_of_inputs_is_magnified()
    {
        static double[] Steep(IReadOnlyList<double[]> inputs) => [Math.Sin(1e4 * inputs[0][0])];
        var check = new GradientCheck(Steep, [new("x", [0.7f], DifferenceStep: 1e-9)], [1f]);
        var truth = 1e4 * Math.Cos(1e4 * 0.7f);
        Assert.That(check.Compare([[(float)(truth + 1)]]).Passed, "an error of one part in 10,000 is what float32 makes of an argument of 7,000");
        Assert.That(check.Compare([[(float)(truth + 500)]]).Passed, Is.False);
    }

    [Test]
    public void Wrong_lengths_are_told_apart()
    {
        Assert.That(() => Check().Compare([]), Throws.ArgumentException.With.Message.Contains("1 inputs need as many gradients"));
        Assert.That(() => Check().Compare([[1f]]), Throws.ArgumentException.With.Message.Contains("'x' has 200 values, its gradient 1"));
        Assert.That(() => new GradientCheck(Squares, [new("x", X)], [1f]), Throws.ArgumentException.With.Message.Contains("200 outputs"));
    }

    private static GradientCheck Check() => new(Squares, [new("x", X)], Upstream());

    private static double[] Squares(IReadOnlyList<double[]> inputs) => [.. inputs[0].Select(x => x * x)];

    private static float[] Upstream() => [.. Enumerable.Range(0, X.Length).Select(i => MathF.Cos(i))];

    private static float[] Gradient() => [.. X.Zip(Upstream(), (x, w) => 2 * x * w)];
}
