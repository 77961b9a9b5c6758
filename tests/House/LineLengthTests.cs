namespace LargeRec.House.Tests;

/// <summary>The formatter does not break lines: <c>max_line_length</c> of <c>.editorconfig</c> is held here.</summary>
public sealed class LineLengthTests
{
    private const int Longest = 160;

    [Test]
    public void No_line_of_the_sources_is_longer_than_the_house_allows()
    {
        var files = new[] { "src", "tests", "bench" }.SelectMany(Repository.SourceFiles).ToArray();
        Assert.That(files, Has.Length.GreaterThan(1000));
        Assert.That(files.SelectMany(TooLong), Is.Empty, $"longer than {Longest} columns; break them");
    }

    private static IEnumerable<string> TooLong(string file) => File.ReadLines(file)
        .Select((line, index) => (line.Length, Number: index + 1))
        .Where(line => line.Length > Longest)
        .Select(line => $"{Path.GetRelativePath(Repository.Root, file)}:{line.Number} has {line.Length}");
}
