using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Configuration;

/// <summary>The generated description of the configuration's records: names, types, reading and writing without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(RunConfiguration))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;
