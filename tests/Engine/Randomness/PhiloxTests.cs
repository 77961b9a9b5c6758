using LargeRec.Engine.Randomness;

namespace LargeRec.Engine.Tests.Randomness;

public sealed class PhiloxTests
{
    // Known answers of the Random123 distribution, kat_vectors, "philox4x32 10".
    [TestCase(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [TestCase(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [TestCase(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Gives_the_known_answers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint r0, uint r1, uint r2, uint r3)
    {
        var block = Philox.Block(k0 | ((ulong)k1 << 32), c0 | ((ulong)c1 << 32), c2, c3);
        Assert.That(block, Is.EqualTo((r0, r1, r2, r3)));
    }

    [Test]
    public void Unit_floats_reach_their_ends_and_stay_below_one()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Philox.ToUnitSingle(0), Is.Zero);
            Assert.That(Philox.ToUnitSingle(uint.MaxValue), Is.EqualTo(1f - MathF.Pow(2, -24)));
            Assert.That(Philox.ToUnitDouble(ulong.MaxValue), Is.EqualTo(1.0 - Math.Pow(2, -53)));
        }
    }
}
