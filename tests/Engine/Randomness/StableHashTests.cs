using LargeRec.Engine.Randomness;

namespace LargeRec.Engine.Tests.Randomness;

public sealed class StableHashTests
{
    // Test vectors of the FNV reference code (Noll), 32-bit FNV-1a.
    [TestCase("", 0x811c9dc5u)]
    [TestCase("a", 0xe40c292cu)]
    [TestCase("foobar", 0xbf9cf968u)]
    public void Gives_the_known_answers(string text, uint expected)
    {
        Assert.That(StableHash.Of(text), Is.EqualTo(expected));
    }

    [Test]
    public void Hashes_utf8_bytes()
    {
        Assert.That(StableHash.Of("é"), Is.EqualTo(StableHash.Of([0xC3, 0xA9])));
    }
}
