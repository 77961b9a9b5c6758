namespace LargeRec.Kernels.Tests.Interpretation.Syntax;

/// <summary>An operand as written.</summary>
internal abstract record PtxOperand;

/// <summary>A register, special register, variable or label.</summary>
internal sealed record NameOperand(string Name, bool Negated) : PtxOperand;

/// <summary>An integer, in two's complement.</summary>
internal sealed record IntegerOperand(long Value) : PtxOperand;

/// <summary><c>0f3F800000</c> (Size 4) or <c>0d3FF0000000000000</c> (Size 8): the bits of a float.</summary>
internal sealed record FloatOperand(ulong Bits, int Size) : PtxOperand;

/// <summary><c>{a, b, c, d}</c>.</summary>
internal sealed record VectorOperand(IReadOnlyList<PtxOperand> Items) : PtxOperand;

/// <summary><c>[base+offset]</c>.</summary>
internal sealed record AddressOperand(PtxOperand Base, long Offset) : PtxOperand;

/// <summary><c>d|p</c>: two results.</summary>
internal sealed record PairOperand(NameOperand First, NameOperand Second) : PtxOperand;

/// <summary><c>(a, b)</c>: the results or the arguments of a call.</summary>
internal sealed record ListOperand(IReadOnlyList<PtxOperand> Items) : PtxOperand;
