using LargeRec.Engine.Cpu.Random;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Randomness;

namespace LargeRec.Engine.Tests.Cpu.Random;

public sealed class PhiloxVectorTests
{
    [TestCase(0ul, 0ul, 0u, 0u)]
    [TestCase(ulong.MaxValue, ulong.MaxValue - 15, uint.MaxValue, uint.MaxValue)]
    [TestCase(0x299f31d0a4093822ul, 0x85a308d3243f6a80ul, 0x13198a2eu, 0x03707344u)]
    [TestCase(42ul, 0xfffffff0ul, 1u, 2u)]
    [TestCase(42ul, 0x100000000ul, 1u, 2u)]
    public void Sixteen_blocks_are_those_of_the_scalar_generator(ulong key, ulong start, uint forwardCount, uint site)
    {
        foreach (var width in CpuConfigurations.Widths)
        {
            var words = (int)width switch
            {
                512 => Draw<Float512>(key, start, forwardCount, site),
                256 => Draw<Float256>(key, start, forwardCount, site),
                _ => Draw<Float128>(key, start, forwardCount, site),
            };
            for (var l = 0; l < 16; l++)
            {
                var (x, y, z, w) = Philox.Block(key, start + (ulong)l, forwardCount, site);
                Assert.That((words[l], words[16 + l], words[32 + l], words[48 + l]), Is.EqualTo((x, y, z, w)), $"{width}, block {l}");
            }
        }
    }

    private static unsafe uint[] Draw<TVector>(ulong key, ulong start, uint forwardCount, uint site)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var words = new uint[64];
        fixed (uint* pointer = words)
        {
            PhiloxVector.DrawGroup<TVector>(key, start, forwardCount, site, pointer);
        }

        return words;
    }
}
