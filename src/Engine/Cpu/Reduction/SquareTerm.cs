using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Reduction;

/// <summary>x².</summary>
internal readonly struct SquareTerm : ITerm
{
    public static TVector Add<TVector>(TVector x, TVector sum)
        where TVector : unmanaged, IFloatVector<TVector> => TVector.MultiplyAdd(x, x, sum);
}
