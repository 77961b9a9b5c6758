using System.Globalization;

namespace LargeRec.Data.Events;

/// <summary>The rows of one file that were left out, by reason.</summary>
internal sealed class BadRows
{
    private readonly List<Reason> _reasons = [];

    public long Count { get; private set; }

    public void Add(DataFormatException fault)
    {
        Count++;
        if (_reasons.Find(reason => reason.Kind == fault.Kind) is { } known)
        {
            known.Count++;
        }
        else
        {
            _reasons.Add(new Reason(fault.Kind, fault.Line) { Count = 1 });
        }
    }

    /// <summary>Such as <c>3 of 100 rows of a.csv were skipped: the rating is not a finite number (2, first in line 17), the user is empty (1, in line
    /// 40)</c>.</summary>
    public string Note(string file, long rows, string lineWord)
        => string.Create(CultureInfo.InvariantCulture, $"{Count} of {rows} rows of {Path.GetFileName(file)} were skipped: {Reasons(lineWord)}");

    public string Reasons(string lineWord) => string.Join(", ", _reasons.OrderByDescending(reason => reason.Count)
        .Select(reason => string.Create(CultureInfo.InvariantCulture,
            $"{reason.Kind} ({reason.Count}, {(reason.Count > 1 ? "first " : "")}in {lineWord} {reason.FirstLine})")));

    private sealed class Reason(string kind, long firstLine)
    {
        public string Kind { get; } = kind;

        public long FirstLine { get; } = firstLine;

        public long Count { get; set; }
    }
}
