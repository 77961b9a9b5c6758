using LargeRec.Engine.Maths;

namespace LargeRec.Engine.Operations.Pointwise;

/// <summary>
/// A function of one number, written once for a scalar, a SIMD vector of any width and a GPU kernel. An implementation is a readonly
/// struct without fields, so that a loop generic over it is compiled with the function in its body.
/// </summary>
public interface IPointwiseFunction
{
    /// <summary>f(x) a lane.</summary>
    static abstract TVector Forward<TVector>(TVector x)
        where TVector : unmanaged, IFloatLanes<TVector>;

    /// <summary>f'(x) a lane.</summary>
    static abstract TVector Derivative<TVector>(TVector x)
        where TVector : unmanaged, IFloatLanes<TVector>;
}
