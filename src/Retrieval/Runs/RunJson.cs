using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LargeRec.Data.Events;
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
        AtomicFile.Write(path, stream => stream.Write(ToBytes(record, type)));

    /// <summary>What <see cref="Write"/> writes.</summary>
    public static byte[] ToBytes<T>(T record, JsonTypeInfo<T> type) => [.. JsonSerializer.SerializeToUtf8Bytes(record, type), (byte)'\n'];

    /// <summary>Reads a record.</summary>
    /// <exception cref="RunFolderException">The file is missing or is not such a record.</exception>
    public static T Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return Parse(path, File.ReadAllBytes(path), type);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RunFolderException($"{path}: the file is missing", e);
        }
    }

    /// <summary>Reads a record from the bytes of a file.</summary>
    /// <exception cref="RunFolderException">They are not such a record.</exception>
    public static T Parse<T>(string path, byte[] bytes, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var reason = OneLine.Excerpt(e.Message.Split(" LineNumber:", 2)[0], 200);
            throw new RunFolderException($"{path}: not what was written there: {reason}", e);
        }
    }
}
