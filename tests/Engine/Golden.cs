namespace LargeRec.Engine.Tests;

/// <summary>Finds tests/golden.</summary>
internal static class Golden
{
    public static string PathOf(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "tests", "golden", $"{name}.safetensors");
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException($"tests/golden/{name}.safetensors was not found above {AppContext.BaseDirectory}");
    }
}
