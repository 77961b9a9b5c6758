namespace LargeRec.Engine.Cpu;

/// <summary>The SIMD register width, in bits, that a CPU device computes with. Results are the same bits only for the same width.</summary>
public enum SimdWidth
{
    Bits128 = 128,
    Bits256 = 256,
    Bits512 = 512,
}
