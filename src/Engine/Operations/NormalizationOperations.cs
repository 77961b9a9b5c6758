using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>Normalisations of rows. Backward operations compute a row's statistics anew from x: cheaper than storing them.</summary>
public abstract partial class NormalizationOperations(Device device)
{
    private const string L2ScalesName = "l2 scales";
    private const string L2RowsName = "l2 normalise rows";
    private const string L2RowsBackwardName = "l2 normalise rows backward";

    /// <summary>y = (x − mean)/sqrt(variance + epsilon) a row, variance over D (not D − 1), no affine part. y may be x.</summary>
    public void LayerNorm(Tensor x, float epsilon, Tensor y)
    {
        Check.Arrays("layer norm", device, x, y);
        Check.SameShape("layer norm", "x", x, "y", y);
        LayerNormCore(x, epsilon, y);
    }

    /// <summary>With n the normalised row and r = 1/sqrt(variance + epsilon): dx (+)= r·(dy − mean(dy) − n·mean(dy·n)). dx may be dy.</summary>
    public void LayerNormBackward(Tensor x, float epsilon, Tensor dy, GradientTarget dx)
    {
        Check.Arrays("layer norm backward", device, x, dy, dx.Tensor);
        Check.SameShape("layer norm backward", "x", x, "dy", dy);
        Check.Target("layer norm backward", "x", dx, x);
        if (dx.IsWanted)
        {
            LayerNormBackwardCore(x, epsilon, dy, dx);
        }
    }

    /// <summary>y = x/max(‖x‖, epsilon) a row; NaN where ‖x‖ overflows float32. y may be x.</summary>
    public void L2Normalize(Tensor x, float epsilon, Tensor y)
    {
        Check.Arrays("l2 normalise", device, x, y);
        Check.SameShape("l2 normalise", "x", x, "y", y);
        L2NormalizeCore(x, epsilon, y);
    }

    /// <summary>With n the normalised row: dx (+)= (dy − n·⟨n, dy⟩)/‖x‖ where ‖x‖ &gt; epsilon, else dy/epsilon. dx may be dy.</summary>
    public void L2NormalizeBackward(Tensor x, float epsilon, Tensor dy, GradientTarget dx)
    {
        Check.Arrays("l2 normalise backward", device, x, dy, dx.Tensor);
        Check.SameShape("l2 normalise backward", "x", x, "dy", dy);
        Check.Target("l2 normalise backward", "x", dx, x);
        if (dx.IsWanted)
        {
            L2NormalizeBackwardCore(x, epsilon, dy, dx);
        }
    }

    /// <summary>What <see cref="L2Normalize"/> multiplies each row with: 1/max(‖x‖, epsilon), NaN where ‖x‖ overflows float32.</summary>
    /// <param name="x">[V, D].</param>
    /// <param name="scales">A row of V.</param>
    /// <exception cref="NotSupportedException">The device lacks it.</exception>
    public void L2Scales(Tensor x, float epsilon, Tensor scales)
    {
        Check.Arrays(L2ScalesName, device, x, scales);
        Check.Extent(L2ScalesName, "scales", scales, 1, x.Rows);
        L2ScalesCore(x, epsilon, scales);
    }

    /// <summary><see cref="L2Normalize"/> of some rows of a table: y_i = x_r/max(‖x_r‖, epsilon) with r = rows_i, the same bits as within the whole
    /// table.</summary>
    /// <param name="table">[V, D].</param>
    /// <param name="rows">[U], each in 0 .. V − 1.</param>
    /// <param name="y">[U, D].</param>
    /// <exception cref="NotSupportedException">The device has no row gradients.</exception>
    public void L2NormalizeRows(Tensor table, IndexTensor rows, float epsilon, Tensor y)
    {
        Check.Arrays(L2RowsName, device, table, rows, y);
        Check.Extent(L2RowsName, "y", y, rows.Length, table.Columns);
        L2NormalizeRowsCore(table, rows, epsilon, y);
    }

    /// <summary>The Jacobian of <see cref="L2NormalizeRows"/>, once a row however often it was used: as <see cref="L2NormalizeBackward"/>. dx may be
    /// dy.</summary>
    /// <param name="dy">[U, D].</param>
    /// <param name="dx">[U, D]: of the rows themselves.</param>
    /// <exception cref="NotSupportedException">The device has no row gradients.</exception>
    public void L2NormalizeRowsBackward(Tensor table, IndexTensor rows, float epsilon, Tensor dy, GradientTarget dx)
    {
        Check.Arrays(L2RowsBackwardName, device, table, rows, dy, dx.Tensor);
        Check.Extent(L2RowsBackwardName, "dy", dy, rows.Length, table.Columns);
        Check.Target(L2RowsBackwardName, "the rows", dx, dy);
        if (dx.IsWanted)
        {
            L2NormalizeRowsBackwardCore(table, rows, epsilon, dy, dx);
        }
    }

    /// <summary>
    /// HSTU's gate in one pass (research code, models with concat_ua): a = LayerNorm(x); y = dropout(gate·a), or with <paramref name="concatenate"/>
    /// y = dropout([gate, a, gate·a]) of three times the width. The dropout mask is one over the whole of y.
    /// </summary>
    /// <param name="gate">U, [T, W].</param>
    /// <param name="x">The attention's output, [T, W].</param>
    /// <param name="y">[T, W], or [T, 3 W] with <paramref name="concatenate"/>.</param>
    public void GatedLayerNorm(Tensor gate, Tensor x, float epsilon, bool concatenate, DropoutSite dropout, Tensor y)
    {
        const string Operation = "gated layer norm";
        Check.Arrays(Operation, device, gate, x, y);
        Check.SameShape(Operation, "gate", gate, "x", x);
        Check.Extent(Operation, "y", y, x.Rows, concatenate ? 3 * x.Columns : x.Columns);
        dropout.ThrowIfInvalid(Operation);
        GatedLayerNormCore(gate, x, epsilon, concatenate, dropout, y);
    }

    /// <summary>The gradients of <see cref="GatedLayerNorm"/>; the mask is drawn again from the same site. dx may be x itself.</summary>
    public void GatedLayerNormBackward(
        Tensor gate, Tensor x, float epsilon, bool concatenate, DropoutSite dropout, Tensor dy, GradientTarget dGate, GradientTarget dx)
    {
        const string Operation = "gated layer norm backward";
        Check.Arrays(Operation, device, gate, x, dy, dGate.Tensor, dx.Tensor);
        Check.SameShape(Operation, "gate", gate, "x", x);
        Check.Extent(Operation, "dy", dy, x.Rows, concatenate ? 3 * x.Columns : x.Columns);
        Check.Target(Operation, "gate", dGate, gate);
        Check.Target(Operation, "x", dx, x);
        dropout.ThrowIfInvalid(Operation);
        if (dGate.IsWanted || dx.IsWanted)
        {
            GatedLayerNormBackwardCore(gate, x, epsilon, concatenate, dropout, dy, dGate, dx);
        }
    }

    protected abstract void LayerNormCore(Tensor x, float epsilon, Tensor y);

    protected abstract void LayerNormBackwardCore(Tensor x, float epsilon, Tensor dy, GradientTarget dx);

    protected abstract void L2NormalizeCore(Tensor x, float epsilon, Tensor y);

    protected abstract void L2NormalizeBackwardCore(Tensor x, float epsilon, Tensor dy, GradientTarget dx);

    protected virtual void L2ScalesCore(Tensor x, float epsilon, Tensor scales) => throw Check.Unsupported(L2ScalesName, device);

    protected virtual void L2NormalizeRowsCore(Tensor table, IndexTensor rows, float epsilon, Tensor y) => throw Check.Unsupported(L2RowsName, device);

    protected virtual void L2NormalizeRowsBackwardCore(Tensor table, IndexTensor rows, float epsilon, Tensor dy, GradientTarget dx) =>
        throw Check.Unsupported(L2RowsBackwardName, device);

    protected abstract void GatedLayerNormCore(Tensor gate, Tensor x, float epsilon, bool concatenate, DropoutSite dropout, Tensor y);

    protected abstract void GatedLayerNormBackwardCore(
        Tensor gate, Tensor x, float epsilon, bool concatenate, DropoutSite dropout, Tensor dy, GradientTarget dGate, GradientTarget dx);
}
