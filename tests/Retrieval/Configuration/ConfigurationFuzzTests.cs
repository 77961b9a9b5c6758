using LargeRec.Engine.Randomness;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Retrieval.Tests.Configuration;

public sealed class ConfigurationFuzzTests
{
    private const int Tries = 5_000;
    private const string Replacements = "{}[]\",:0123456789.-etn/*\\ \n\0\ud800";

    [Test]
    public void A_damaged_configuration_is_read_or_refused_with_one_line_and_nothing_else()
    {
        var sound = ConfigurationWriter.ToJson(ConfigurationReader.Read("""{"data":{"name":"csv","columns":{"user":"u"}}}""", "x"));
        var stream = new PhiloxStream(2024, "fuzz");
        var refused = 0;
        for (var i = 0; i < Tries; i++)
        {
            var characters = sound.ToList();
            for (var edits = 1 + stream.NextBelow(3); edits > 0; edits--)
            {
                var at = stream.NextBelow(characters.Count);
                if (stream.NextBelow(2) == 0)
                {
                    characters[at] = Replacements[stream.NextBelow(Replacements.Length)];
                }
                else
                {
                    characters.RemoveRange(at, Math.Min(characters.Count - at, 1 + stream.NextBelow(8)));
                }
            }

            try
            {
                ConfigurationReader.Read(new string([.. characters]), "x");
            }
            catch (ConfigurationException e)
            {
                refused++;
                Assert.That(e.Message, Does.StartWith("x").And.Not.Contain("\n"));
            }
        }

        Assert.That(refused, Is.InRange(Tries / 2, Tries - 1));
    }
}
