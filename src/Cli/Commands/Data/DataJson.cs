using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LargeRec.Cli.Commands.Data;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(DatasetRow[]))]
internal sealed partial class DataJson : JsonSerializerContext
{
    /// <summary>Paths stay readable: only what JSON itself asks for is escaped.</summary>
    public static DataJson Readable => new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
