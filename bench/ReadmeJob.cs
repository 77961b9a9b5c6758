using LargeRec.Bench.Results;

namespace LargeRec.Bench;

/// <summary>Writes the tables of speed in the README anew, from bench/results.</summary>
internal static class ReadmeJob
{
    public static int Run()
    {
        var readme = Path.Combine(Checkout.Root, "README.md");
        var reports = ReadmeTable.ReadAll(Path.Combine(Checkout.Root, "bench", "results"));
        File.WriteAllText(readme, ReadmeTable.Rewrite(File.ReadAllText(readme), reports));
        return 0;
    }
}
