using System.Runtime.InteropServices;
using LargeRec.Cases;

namespace LargeRec.Autograd.Tests;

/// <summary>Walks the list of operation cases: agreement with float64, gradients, bits over threads.</summary>
public sealed class OperationCaseTests
{
    private readonly CaseDevices _devices = new();

    public static IEnumerable<OperationCase> All => OperationCases.All;

    [OneTimeTearDown]
    public void Stop() => _devices.Dispose();

    [Test]
    public void Names_differ() => Assert.That(All.Select(c => c.Name), Is.Unique);

    [TestCaseSource(nameof(All))]
    public void Forward_agrees_with_float64_at_every_width(OperationCase operation)
    {
        var inputs = operation.Inputs.Select(i => Array.ConvertAll(i.Values, v => (double)v)).ToArray();
        var expected = operation.Reference(inputs);
        var tolerance = Float32Tolerance.OfOutputs(operation.Reference, inputs);
        foreach (var width in CaseDevices.Widths)
        {
            var output = CaseRunner.Run(operation, _devices.Get(2, width)).Output;
            Assert.That(output, Has.Length.EqualTo(expected.Length));
            for (var i = 0; i < output.Length; i++)
            {
                if (!(Math.Abs(output[i] - expected[i]) <= tolerance))
                {
                    Assert.Fail($"{operation} at {width}: output {i} is {output[i]:G9}, expected {expected[i]:G9} within {tolerance:G3}");
                }
            }
        }
    }

    [TestCaseSource(nameof(All))]
    public void Gradients_agree_with_central_differences_at_every_width(OperationCase operation)
    {
        GradientCheck? check = null;
        foreach (var width in CaseDevices.Widths)
        {
            var result = CaseRunner.Run(operation, _devices.Get(2, width));
            check ??= new GradientCheck(
                operation.Reference,
                [.. operation.Inputs.Select(i => new GradientCheckInput(i.Name, i.Values, i.DifferenceStep, i.IsDifferentiable))],
                result.Upstream);
            var report = check.Compare(result.Gradients);
            TestContext.Out.WriteLine($"{width}: {report}");
            Assert.That(report.Passed, $"{operation} at {width}: {report}");
        }
    }

    [TestCaseSource(nameof(All))]
    public void Bits_are_the_same_for_every_number_of_threads(OperationCase operation)
    {
        foreach (var width in CaseDevices.Widths)
        {
            CaseResult? expected = null;
            foreach (var threads in CaseDevices.ThreadCounts)
            {
                var result = CaseRunner.Run(operation, _devices.Get(threads, width));
                expected ??= result;
                Assert.That(SameBits(result.Output, expected.Output), $"{operation} at {width}: the output of {threads} threads differs from that of one");
                for (var i = 0; i < result.Gradients.Count; i++)
                {
                    Assert.That(
                        SameBits(result.Gradients[i], expected.Gradients[i]),
                        $"{operation} at {width}: the gradient of {operation.Inputs[i].Name} with {threads} threads differs from that of one");
                }
            }
        }
    }

    private static bool SameBits(float[]? a, float[]? b) =>
        MemoryMarshal.Cast<float, int>(a.AsSpan()).SequenceEqual(MemoryMarshal.Cast<float, int>(b.AsSpan()));
}
