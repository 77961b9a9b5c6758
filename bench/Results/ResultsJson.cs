using System.Text.Json.Serialization;

namespace LargeRec.Bench.Results;

/// <summary>The generated description of the files of bench/results.</summary>
[JsonSerializable(typeof(MachineReport))]
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    IgnoreReadOnlyProperties = true,
    NewLine = "\n")]
internal sealed partial class ResultsJson : JsonSerializerContext;
