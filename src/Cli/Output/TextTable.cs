using LargeRec.Data.Events;
namespace LargeRec.Cli.Output;

/// <summary>Rows under headers, as wide as they need to be; where that is too wide, columns of text are cut.</summary>
/// <param name="columns">The headers, and which columns hold numbers and are aligned to the right.</param>
internal sealed class TextTable(params (string Header, bool IsNumber)[] columns)
{
    private const string Gap = "  ";
    private const int LeastText = 8;

    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; control characters become spaces.</summary>
    public void Add(params string[] cells) => _rows.Add([.. cells.Select(OneLine.Of)]);

    /// <summary>The header and the rows in lines of at most a width, as far as cutting texts can do it.</summary>
    public IEnumerable<string> Lines(int width)
    {
        string[][] all = [[.. columns.Select(c => c.Header)], .. _rows];
        var widths = columns.Select((_, i) => all.Max(row => row[i].Length)).ToArray();
        while (widths.Sum() + (Gap.Length * (widths.Length - 1)) > width)
        {
            var widest = Enumerable.Range(0, widths.Length).Where(i => !columns[i].IsNumber && widths[i] > LeastText).OrderByDescending(i => widths[i])
                .FirstOrDefault(-1);
            if (widest < 0)
            {
                break;
            }

            widths[widest]--;
        }

        return all.Select(row => string.Join(Gap, row.Select((cell, i) => Fit(cell, widths[i], columns[i].IsNumber))).TrimEnd());
    }

    private static string Fit(string cell, int width, bool isNumber) =>
        isNumber ? cell.PadLeft(width) : DisplayText.Cut(cell, width).PadRight(width);
}
