using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Reduction;

/// <summary>What a sum over values adds for each of them; nothing for 0, with which short registers are filled.</summary>
internal interface ITerm
{
    /// <summary>sum + term(x).</summary>
    static abstract TVector Add<TVector>(TVector x, TVector sum)
        where TVector : unmanaged, IFloatVector<TVector>;
}
