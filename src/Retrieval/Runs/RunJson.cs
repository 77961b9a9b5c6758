using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LargeRec.Data.Storage;
using LargeRec.Retrieval.Checkpoints;

namespace LargeRec.Retrieval.Runs;

/// <summary>The generated description of the run folder's JSON records, and their reading and writing.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(RunEnvironment))]
[JsonSerializable(typeof(RunSummary))]
[JsonSerializable(typeof(CheckpointState))]
internal sealed partial class RunJson : JsonSerializerContext
{
    /// <summary>Writes a record, whole or not at all.</summary>
    public static void Write<T>(string path, T record, JsonTypeInfo<T> type) =>
        AtomicFile.WriteText(path, JsonSerializer.Serialize(record, type) + "\n");

    /// <summary>Reads a record.</summary>
    /// <exception cref="RunFolderException">The file is missing or is not such a record.</exception>
    public static T Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RunFolderException($"{path}: the file is missing", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var reason = e.Message.Split(" LineNumber:", 2)[0].ReplaceLineEndings(" ");
            throw new RunFolderException($"{path}: not what was written there: {reason}", e);
        }
    }
}
