namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>The variant that was fastest for a shape and its like on a device.</summary>
/// <param name="Device">The device in its own words.</param>
/// <param name="Family">The family's name.</param>
/// <param name="Shape">The dimensions of the shape's class, in the family's order.</param>
/// <param name="Variant">The variant's name.</param>
/// <param name="Milliseconds">What each variant that was tried took.</param>
public sealed record KernelPick(string Device, string Family, IReadOnlyList<int> Shape, string Variant, IReadOnlyDictionary<string, double> Milliseconds);
