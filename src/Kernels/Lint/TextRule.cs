using System.Text.RegularExpressions;

namespace LargeRec.Kernels.Lint;

/// <summary>A pattern that no line of a kernel's text may have.</summary>
/// <param name="Pattern">What is looked for.</param>
/// <param name="Reason">What is wrong and what to write instead.</param>
internal sealed record TextRule(Regex Pattern, string Reason);
