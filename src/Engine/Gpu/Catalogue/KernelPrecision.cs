namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>In what a variant multiplies. Sums are always float32.</summary>
public enum KernelPrecision
{
    /// <summary>float32.</summary>
    Full,

    /// <summary>tf32, on tensor cores: 10 bits of fraction.</summary>
    TensorFloat32,

    /// <summary>bf16, on tensor cores: 7 bits of fraction.</summary>
    BrainFloat16,
}
