namespace LargeRec.Engine.Cpu.Products;

/// <summary>
/// One product with what is done to each sum before it is stored. With L = Left [Rows, Depth] or its transpose, R = Right [Depth, Columns]
/// or its transpose, for every row m and column n, in this order:
/// <list type="number">
/// <item>v = Σ_k L[m, k]·R[k, n]</item>
/// <item>v += Result[m, n], if <see cref="Accumulate"/></item>
/// <item>v += Bias[n], if given</item>
/// <item>PreActivation[m, n] = v, if given</item>
/// <item>v = activation(v)</item>
/// <item>v += Residual[m, n], if given</item>
/// <item>Result[m, n] = v</item>
/// </list>
/// Strides are the distance from a row to the next in floats, at least the row's width. Result must not overlap Left, Right, Bias or
/// PreActivation; Residual may be Result itself (same pointer and stride) and must not overlap it otherwise. Nothing needs to be aligned.
/// Depth may be 0: every sum is then 0.
/// </summary>
internal unsafe struct MatrixProductArguments
{
    /// <summary>Rows of the result.</summary>
    public int Rows;

    /// <summary>Columns of the result.</summary>
    public int Columns;

    /// <summary>Terms of each sum.</summary>
    public int Depth;

    /// <summary>[Rows, Depth], or [Depth, Rows] if <see cref="TransposeLeft"/>.</summary>
    public float* Left;
    public nint LeftStride;
    public bool TransposeLeft;

    /// <summary>[Depth, Columns], or [Columns, Depth] if <see cref="TransposeRight"/>.</summary>
    public float* Right;
    public nint RightStride;
    public bool TransposeRight;

    /// <summary>[Rows, Columns].</summary>
    public float* Result;
    public nint ResultStride;

    /// <summary>Whether the product is added to what Result holds.</summary>
    public bool Accumulate;

    /// <summary>[Columns] or null.</summary>
    public float* Bias;

    /// <summary>[Rows, Columns] or null: receives what the activation is applied to (its backward needs it).</summary>
    public float* PreActivation;
    public nint PreActivationStride;

    /// <summary>[Rows, Columns] or null: added after the activation.</summary>
    public float* Residual;
    public nint ResidualStride;
}
