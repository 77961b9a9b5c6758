namespace LargeRec.Data.Events;

/// <summary>Nearest known names, for error messages.</summary>
internal static class Spelling
{
    /// <summary>The known name at the smallest edit distance (Levenshtein, without case); the first of equals.</summary>
    public static string Nearest(string given, IEnumerable<string> known) => known.MinBy(name => Distance(given, name)) ?? "";

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                var best = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost);
                diagonal = row[j];
                row[j] = best;
            }
        }

        return row[b.Length];
    }
}
