using System.Text.Json.Serialization;

namespace LargeRec.Engine.Gpu.Catalogue;

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(KernelPick[]))]
internal sealed partial class KernelPicksJson : JsonSerializerContext;
