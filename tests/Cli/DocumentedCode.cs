using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace LargeRec.Cli.Tests;

/// <summary>C# that a page shows, word for word as it stands in a source file of these tests: between lines <c>// NAME begins</c> and <c>// NAME
/// ends</c>.</summary>
internal static partial class DocumentedCode
{
    /// <summary>The blocks of C# of a page, in their order.</summary>
    public static string[] BlocksOf(string page) =>
        [.. Block().Matches(File.ReadAllText(PathOf($"../../{page}"))).Select(match => match.Groups[1].Value)];

    /// <summary>The using directives of a source file that the page's reader needs.</summary>
    public static string UsingsOf(string source) =>
        string.Concat(File.ReadLines(PathOf(source)).Where(line => line.StartsWith("using ", StringComparison.Ordinal)).Select(line => line + "\n"));

    /// <summary>The marked parts of a source file, in their order, moved to the left.</summary>
    public static string[] PartsOf(string source) =>
        [.. Part().Matches(File.ReadAllText(PathOf(source))).Select(match => Unindented(match.Groups[3].Value, match.Groups[1].Length))];

    public static string PathOf(string relative) => Path.Combine(SourceFolder(), relative);

    private static string Unindented(string lines, int indent) =>
        string.Concat(lines.TrimEnd().Split('\n').Select(line => (line.Length == 0 ? line : line[indent..]) + "\n"));

    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("^( *)// (\\w+) begins\n(.*?)^ *// \\2 ends$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Part();
}
