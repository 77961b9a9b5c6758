using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LargeRec.Cli.Output;

/// <summary>The generated description of the results that are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(RunRow[]))]
[JsonSerializable(typeof(ComparisonDocument))]
[JsonSerializable(typeof(InspectionDocument))]
[JsonSerializable(typeof(DatasetRow[]))]
[JsonSerializable(typeof(EvaluationDocument))]
[JsonSerializable(typeof(KernelRow[]))]
[JsonSerializable(typeof(KernelBenchDocument))]
[JsonSerializable(typeof(LintRow[]))]
[JsonSerializable(typeof(DeviceKindRow[]))]
internal sealed partial class ResultJson : JsonSerializerContext
{
    /// <summary>Titles stay readable: only what JSON itself asks for is escaped.</summary>
    public static ResultJson Readable => new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
