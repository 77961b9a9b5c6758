using System.Text.Json;

namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>What tuning found: a variant a device, family and class of shapes. A file of them can be carried to machines of the same kind.</summary>
public sealed class KernelPicks
{
    /// <summary>The file's name in a cache folder.</summary>
    public const string FileName = "kernel-picks.json";

    private readonly Dictionary<(string Device, string Family, KernelShape Shape), KernelPick> _picks = [];

    /// <summary>All of them, by device, family and shape.</summary>
    public IReadOnlyCollection<KernelPick> All =>
    [
        .. _picks.Values.OrderBy(p => p.Device, StringComparer.Ordinal).ThenBy(p => p.Family, StringComparer.Ordinal)
            .ThenBy(p => string.Join(' ', p.Shape), StringComparer.Ordinal),
    ];

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
            throw new InvalidDataException($"{path}: {exception.Message.ReplaceLineEndings(" ")}; delete it", exception);
        }
    }

    /// <summary>Adds a pick, in place of another for the same.</summary>
    /// <exception cref="ArgumentException">Its shape has other dimensions than its family.</exception>
    public void Add(KernelPick pick) => _picks[(pick.Device, pick.Family, KernelFamilies.Find(pick.Family).ShapeOf(pick.Shape))] = pick;

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
        _picks.TryGetValue((device, family.Name, shape.Class), out var pick) ? pick.Variant : null;
}
