namespace LargeRec.Engine.Gpu.Driver;

/// <summary>A part of what was written ahead, and where it goes.</summary>
/// <param name="From">Its byte offset in the landing place.</param>
/// <param name="Slab">The memory it goes to.</param>
/// <param name="To">Its byte offset there.</param>
/// <param name="Bytes">At least 1.</param>
internal readonly record struct ArrivedPart(long From, nint Slab, long To, long Bytes);
