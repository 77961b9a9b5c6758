using System.Text.Json;

namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>What tuning found: a variant a device, family and class of shapes. A file of them can be carried to machines of the same kind.</summary>
public sealed class KernelPicks
{
    /// <summary>The file's name in a cache folder.</summary>
    public const string FileName = "kernel-picks.json";

    private readonly SortedDictionary<string, KernelPick> _picks = new(StringComparer.Ordinal);

    /// <summary>All of them, sorted.</summary>
    public IReadOnlyCollection<KernelPick> All => _picks.Values;

    /// <summary>Those of a file.</summary>
    /// <exception cref="InvalidDataException">It is not a file of picks, or names a family or variant that there is not.</exception>
    public static KernelPicks Load(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var picks = new KernelPicks();
            foreach (var pick in JsonSerializer.Deserialize(stream, KernelPicksJson.Default.KernelPickArray) ?? [])
            {
                KernelFamilies.Find(pick.Family).Find(pick.Variant);
                picks.Add(pick);
            }

            return picks;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NullReferenceException)
        {
            throw new InvalidDataException($"{path}: {exception.Message.ReplaceLineEndings(" ")}; delete it",
                exception);
        }
    }

    /// <summary>Adds a pick, in place of another for the same.</summary>
    public void Add(KernelPick pick) => _picks[Key(pick.Device, pick.Family, pick.Shape)] = pick;

    /// <summary>Writes a file that <see cref="Load"/> reads: aside, then renamed, so that another process reads all or nothing.</summary>
    public void Save(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(temporary, JsonSerializer.Serialize([.. All], KernelPicksJson.Default.KernelPickArray) + "\n");
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>The variant picked for a shape and its like; null where none was.</summary>
    public string? Find(string device, KernelFamily family, KernelShape shape) =>
        _picks.TryGetValue(Key(device, family.Name, SizesOf(family, shape)), out var pick) ? pick.Variant : null;

    /// <summary>The dimensions of a shape's class.</summary>
    internal static int[] SizesOf(KernelFamily family, KernelShape shape) => [.. Enumerable.Range(0, family.Dimensions.Count).Select(i => shape.Class[i])];

    private static string Key(string device, string family, IEnumerable<int> shape) => $"{device}\n{family}\n{string.Join(' ', shape)}";
}
