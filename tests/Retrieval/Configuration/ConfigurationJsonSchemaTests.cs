using System.Text.Json.Nodes;
using LargeRec.Data.Events;
using LargeRec.Retrieval.Configuration;
using NJsonSchema;

namespace LargeRec.Retrieval.Tests.Configuration;

/// <summary>The schema against an independent validator (NJsonSchema), and against what the reader takes.</summary>
public sealed class ConfigurationJsonSchemaTests
{
    private JsonSchema _schema = null!;
    private JsonNode _text = null!;

    [OneTimeSetUp]
    public async Task Export()
    {
        _text = JsonNode.Parse(ConfigurationJsonSchema.ToJson())!;
        _schema = await JsonSchema.FromJsonAsync(ConfigurationJsonSchema.ToJson());
    }

    [Test]
    public void Every_configuration_that_comes_with_the_program_is_valid()
    {
        foreach (var name in EmbeddedConfigurations.Names)
        {
            Assert.That(_schema.Validate(ConfigurationWriter.ToJson(EmbeddedConfigurations.Find(name).Read())), Is.Empty, name);
        }
    }

    [TestCase("""{ "model": { "layers": 8 }, "data": { "split": "validated", "columns": { "user": "who" } } }""", true)]
    [TestCase("""{ "$schema": "largerec.schema.json" }""", true)]
    [TestCase("""{ "data": { "file": null } }""", true)]
    [TestCase("""{ "model": { "layers": 0 } }""", false)]
    [TestCase("""{ "model": { "layers": "8" } }""", false)]
    [TestCase("""{ "model": { "layers": 1.5 } }""", false)]
    [TestCase("""{ "model": { "layers": null } }""", false)]
    [TestCase("""{ "model": { "layerz": 8 } }""", false)]
    [TestCase("""{ "model": { "dropout": 1 } }""", false)]
    [TestCase("""{ "model": { "dropout": 0 } }""", true)]
    [TestCase("""{ "model": { "bias": "bothh" } }""", false)]
    [TestCase("""{ "model": [] }""", false)]
    [TestCase("""{ "optimizer": { "learning_rate": 0 } }""", false)]
    [TestCase("""{ "training": { "seed": -1 } }""", false)]
    [TestCase("""{ "evaluation": { "hr": [0, 1] } }""", false)]
    [TestCase("""{ "evaluation": { "hr": [1, 10] } }""", true)]
    [TestCase("""{ "data": { "name": "ml-2m" } }""", false)]
    [TestCase("""{ "data": { "generator": { "items": 19 } } }""", false)]
    [TestCase("""{ "layers": 8 }""", false)]
    [TestCase("""[]""", false)]
    public void The_validator_agrees_with_the_reader(string text, bool isValid)
    {
        Assert.That(_schema.Validate(text).Count == 0, Is.EqualTo(isValid), "schema");
        // The reader knows rules between keys too: columns go with a file only.
        Assert.That(() => ConfigurationReader.Read(text, "test", text.Contains("columns", StringComparison.Ordinal) ? ["data.name=csv", "data.file=f.csv"]
            : []), isValid ? Throws.Nothing : Throws.InstanceOf<ConfigurationException>(), "reader");
    }

    [Test]
    public void Every_key_has_a_description_and_every_value_a_default()
    {
        var values = 0;
        Walk(_text, "");
        Assert.That(values, Is.EqualTo(ConfigurationEntries.Of(WithEverySection()).Count));

        void Walk(JsonNode section, string path)
        {
            foreach (var (name, key) in section["properties"]!.AsObject().Where(p => p.Key != "$schema"))
            {
                Assert.That(key!["description"]?.GetValue<string>(), Is.Not.Null.And.Not.Empty, path + name);
                if (key["properties"] is not null)
                {
                    Assert.That(key["additionalProperties"]!.GetValue<bool>(), Is.False, path + name);
                    Walk(key, $"{path}{name}.");
                }
                else
                {
                    values++;
                    Assert.That(key.AsObject().ContainsKey("default"), path + name);
                }
            }
        }
    }

    [Test]
    public void The_defaults_are_those_of_the_reader()
    {
        foreach (var (key, value) in ConfigurationEntries.Of(WithEverySection()))
        {
            var node = key.Split('.').Aggregate(_text, (schema, name) => schema["properties"]![name]!);
            Assert.That(node["default"]?.ToJsonString().Trim('"').Replace(" ", "", StringComparison.Ordinal) ?? "null", Is.EqualTo(value), key);
        }
    }

    private static RunConfiguration WithEverySection() => new()
    {
        Data = new DataConfiguration { Columns = new ColumnMapping(), Generator = new GeneratorConfiguration() },
    };
}
