using System.Text;
using LargeRec.Fuzzing;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Retrieval.Tests.Configuration;

public sealed class ConfigurationFuzzTests
{
    private const string Name = "x.json";

    private static readonly string[] Words =
    [
        "{", "}", "[", "]", "\"", ",", ":", "//", "/*", "*/", "\\", "\\n", "\\u0000", "\\ud800", "\ud83d\ude00", "null", "true", "\"x\\ny\": 1,", "1e999", "-0",
            "\"$schema\": \"\\n\",",
        "\"generator\": {},", "\"synthetic\"", "\"training\": {", "\"seed\": 18446744073709551615,", "\0", "\ufeff",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ];

    [Test]
    public void A_damaged_configuration_is_read_or_refused_with_one_line_and_nothing_else()
    {
        var sound = ConfigurationWriter.ToJson(ConfigurationReader.Read("""{"data":{"name":"csv","columns":{"user":"u"}}}""", "x"));
        string[] seeds = [sound, "{}", "{\"data\": {\"name\": \"synthetic\", \"generator\": {\"users\": 40}}, // why\n \"training\": {\"epochs\": 3,},}"];
        new Fuzzer<ConfigurationException>(Name, new Mutator([.. seeds.Select(Encoding.UTF8.GetBytes)], Words).Make).Run(bytes =>
            AssertConsistent(ConfigurationReader.Read(Encoding.UTF8.GetString(bytes), Name)));
    }

    [Test]
    public void Damaged_overrides_are_read_or_refused_with_one_line_and_nothing_else()
    {
        var seeds = ConfigurationEntries.Of(new RunConfiguration()).Select(entry => Encoding.UTF8.GetBytes($"{entry.Key}={entry.Value}"));

        // A rule of two keys names the other one, and the file that has it.
        new Fuzzer<ConfigurationException>("override", new Mutator([.. seeds], [.. Words, "=", "."]).Make) { NamesFile = false }.Run(bytes =>
            AssertConsistent(ConfigurationReader.Read("{}", Name, [Encoding.UTF8.GetString(bytes)])));
    }

    private static void AssertConsistent(RunConfiguration configuration)
    {
        var written = ConfigurationWriter.ToJson(configuration);
        var again = FuzzFault.Unless(() => ConfigurationReader.Read(written, Name), "what was read and written again is refused");
        FuzzFault.Unless(ConfigurationWriter.ToJson(again) == written, "what was read and written again is read as something else");
    }
}
