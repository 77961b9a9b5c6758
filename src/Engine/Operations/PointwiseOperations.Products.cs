using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <content>Products of two tensors, and sums through dropout.</content>
public abstract partial class PointwiseOperations
{
    private const string GateName = "gate";
    private const string GateBackwardName = "gate backward";
    private const string DropoutAddName = "add through dropout";

    /// <summary>y = f(a)·b: SwiGLU's inner product with SiLU, a gate with the sigmoid, a product with the identity. y may be a or b.</summary>
    /// <exception cref="NotSupportedException">The device lacks it.</exception>
    public void Gate<TFunction>(Tensor a, Tensor b, Tensor y)
        where TFunction : struct, IPointwiseFunction
    {
        Check.Arrays(GateName, device, a, b, y);
        Check.SameShape(GateName, "a", a, "b", b);
        Check.SameShape(GateName, "a", a, "y", y);
        GateCore<TFunction>(a, b, y);
    }

    /// <summary>The gradients of <see cref="Gate"/>: da (+)= f'(a)·b·dy, db (+)= f(a)·dy. Neither may overlap an operand, but for dy itself.</summary>
    public void GateBackward<TFunction>(Tensor a, Tensor b, Tensor dy, GradientTarget da, GradientTarget db)
        where TFunction : struct, IPointwiseFunction
    {
        Check.Arrays(GateBackwardName, device, a, b, dy, da.Tensor, db.Tensor);
        Check.SameShape(GateBackwardName, "a", a, "b", b);
        Check.SameShape(GateBackwardName, "a", a, "dy", dy);
        Check.Target(GateBackwardName, "a", da, a);
        Check.Target(GateBackwardName, "b", db, b);
        if (da.IsWanted || db.IsWanted)
        {
            GateBackwardCore<TFunction>(a, b, dy, da, db);
        }
    }

    /// <summary>y = residual + x·keep/(1 − rate), keep as <see cref="Dropout"/> draws it. y may be x or residual.</summary>
    /// <exception cref="NotSupportedException">The device lacks it.</exception>
    public void DropoutAdd(Tensor x, DropoutSite site, Tensor residual, Tensor y)
    {
        Check.Arrays(DropoutAddName, device, x, residual, y);
        Check.SameShape(DropoutAddName, "x", x, "y", y);
        Check.SameShape(DropoutAddName, "x", x, "residual", residual);
        site.ThrowIfInvalid(DropoutAddName);
        DropoutAddCore(x, site, residual, y);
    }

    protected virtual void GateCore<TFunction>(Tensor a, Tensor b, Tensor y)
        where TFunction : struct, IPointwiseFunction => throw Check.Unsupported(GateName, device);

    protected virtual void GateBackwardCore<TFunction>(Tensor a, Tensor b, Tensor dy, GradientTarget da, GradientTarget db)
        where TFunction : struct, IPointwiseFunction => throw Check.Unsupported(GateBackwardName, device);

    protected virtual void DropoutAddCore(Tensor x, DropoutSite site, Tensor residual, Tensor y) => throw Check.Unsupported(DropoutAddName, device);
}
