using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Reduction;

/// <summary>0·x: 0 where x is finite and NaN elsewhere, and a NaN stays in a sum.</summary>
internal readonly struct FiniteTerm : ITerm
{
    public static TVector Add<TVector>(TVector x, TVector sum)
        where TVector : unmanaged, IFloatVector<TVector> => TVector.MultiplyAdd(x, TVector.Zero, sum);
}
