namespace LargeRec.Engine.Operations;

/// <summary>The check that ids are rows of their table: a wrong one would read or write foreign memory.</summary>
internal static class TableIds
{
    /// <param name="operation">Named in the error.</param>
    /// <param name="ids">Each must be in 0 .. rows − 1.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="what">What an id is here: "id", "row".</param>
    /// <exception cref="ArgumentException">Names the first wrong id, its place and what the table has.</exception>
    public static void ThrowIfOutside(string operation, ReadOnlySpan<int> ids, int rows, string what = "id")
    {
        var position = rows == 0 ? (ids.IsEmpty ? -1 : 0) : ids.IndexOfAnyExceptInRange(0, rows - 1);
        if (position >= 0)
        {
            throw new ArgumentException(
                rows == 0
                    ? $"{operation}: {what} {ids[position]} at position {position} cannot be in a table without rows"
                    : $"{operation}: {what} {ids[position]} at position {position} is not in a table of {rows} rows; each must be from 0 to {rows - 1}");
        }
    }
}
