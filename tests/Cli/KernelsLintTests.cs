using LargeRec.Cli.Output;
using LargeRec.Kernels.Lint;

namespace LargeRec.Cli.Tests;

/// <summary>What `kernels lint` says and answers where it finds something; the kernels themselves are clean (<see cref="KernelsCommandTests"/>).</summary>
[NonParallelizable]
public sealed class KernelsLintTests
{
    private static readonly LintFinding Finding = new("pointwise.fill.plain", "OpenCl line 3", "an atomic: its order is not fixed", "atomic_add(x, 1);");

    [TestCase("Table", "pointwise.fill.plain, OpenCl line 3: an atomic: its order is not fixed: atomic_add(x, 1);", "1 found in")]
    [TestCase("Csv", "kernel,where,rule,text", "pointwise.fill.plain,OpenCl line 3,an atomic: its order is not fixed,\"atomic_add(x, 1);\"")]
    [TestCase("Json", "\"kernel\"", "\"OpenCl line 3\"")]
    public void A_finding_is_printed_and_is_exit_code_1(string format, string one, string other)
    {
        var (code, text) = Report([Finding], format);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), Does.Contain(one).And.Contain(other));
    }

    [Test]
    public void No_finding_is_exit_code_0([Values("Table", "Csv", "Json")] string format) => Assert.That(Report([], format).Code, Is.Zero);

    private static (int Code, string Text) Report(IReadOnlyList<LintFinding> findings, string format)
    {
        var console = Console.Out;
        using var text = new StringWriter();
        try
        {
            Console.SetOut(text);
            return (KernelsLintCommand.Report(findings, Enum.Parse<OutputFormat>(format)), text.ToString());
        }
        finally
        {
            Console.SetOut(console);
        }
    }
}
