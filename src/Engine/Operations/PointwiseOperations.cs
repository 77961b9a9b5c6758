using LargeRec.Engine.Operations.Pointwise;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>Operations value by value. A function is a struct (<see cref="IPointwiseFunction"/>); one loop a device serves them all.</summary>
public abstract partial class PointwiseOperations(Device device)
{
    /// <summary>y = f(x); y may be x.</summary>
    public void Forward<TFunction>(Tensor x, Tensor y)
        where TFunction : struct, IPointwiseFunction
    {
        Check.Arrays("pointwise", device, x, y);
        Check.SameShape("pointwise", "x", x, "y", y);
        ForwardCore<TFunction>(x, y);
    }

    /// <summary>dx (+)= f'(x)·dy; dx may be dy.</summary>
    public void Backward<TFunction>(Tensor x, Tensor dy, GradientTarget dx)
        where TFunction : struct, IPointwiseFunction
    {
        Check.Arrays("pointwise backward", device, x, dy, dx.Tensor);
        Check.SameShape("pointwise backward", "x", x, "dy", dy);
        Check.Target("pointwise backward", "x", dx, x);
        if (dx.IsWanted)
        {
            BackwardCore<TFunction>(x, dy, dx);
        }
    }

    /// <summary>Sets every value.</summary>
    public void Fill(Tensor tensor, float value)
    {
        Check.Arrays("fill", device, tensor);
        FillCore(tensor, value);
    }

    /// <summary>destination = source.</summary>
    public void Copy(Tensor source, Tensor destination)
    {
        Check.Arrays("copy", device, source, destination);
        Check.SameShape("copy", "source", source, "destination", destination);
        CopyCore(source, destination);
    }

    /// <summary>destination += factor·source; source may be the destination.</summary>
    public void Add(Tensor source, Tensor destination, float factor = 1)
    {
        Check.Arrays("add", device, source, destination);
        Check.SameShape("add", "source", source, "destination", destination);
        AddCore(source, destination, factor);
    }

    /// <summary>
    /// y = x·keep/(1 − rate), keep drawn anew for each value (<see cref="DropoutSite"/>). The same site draws the same mask, so the backward pass is
    /// this operation on dy. y may be x. With a rate of 0 it copies.
    /// </summary>
    public void Dropout(Tensor x, DropoutSite site, Tensor y)
    {
        Check.Arrays("dropout", device, x, y);
        Check.SameShape("dropout", "x", x, "y", y);
        site.ThrowIfInvalid("dropout");
        DropoutCore(x, site, y);
    }

    protected abstract void ForwardCore<TFunction>(Tensor x, Tensor y)
        where TFunction : struct, IPointwiseFunction;

    protected abstract void BackwardCore<TFunction>(Tensor x, Tensor dy, GradientTarget dx)
        where TFunction : struct, IPointwiseFunction;

    protected abstract void FillCore(Tensor tensor, float value);

    protected abstract void CopyCore(Tensor source, Tensor destination);

    protected abstract void AddCore(Tensor source, Tensor destination, float factor);

    protected abstract void DropoutCore(Tensor x, DropoutSite site, Tensor y);
}
