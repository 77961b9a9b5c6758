namespace LargeRec.Engine.Gpu.Images;

/// <summary>What a kernel takes at one place.</summary>
public enum KernelParameter
{
    /// <summary>A view of device memory: a whole slab, which the kernel enters by an offset that is a parameter of its own.</summary>
    View,

    /// <summary>32 bits, signed or not.</summary>
    Word,

    /// <summary>A float32.</summary>
    Real,
}
