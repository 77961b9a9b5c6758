namespace LargeRec.Kernels.Lint;

/// <summary>Something in a kernel that does not run everywhere or is compiled wrongly.</summary>
/// <param name="Kernel">The catalogue's name, or the method's.</param>
/// <param name="Where">The target and the line of its text, or the method.</param>
/// <param name="Rule">What is wrong and what to write instead.</param>
/// <param name="Text">The line.</param>
public sealed record LintFinding(string Kernel, string Where, string Rule, string Text)
{
    public override string ToString() => $"{Kernel}, {Where}: {Rule}: {Text}";
}
