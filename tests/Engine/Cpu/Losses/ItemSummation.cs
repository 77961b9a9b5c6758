namespace LargeRec.Engine.Tests.Cpu.Losses;

/// <summary>The ways to sum the gradients of items, of which the device takes one by the shape.</summary>
public enum ItemSummation
{
    Tables,
    Segments,
    Ranges,
}
