namespace LargeRec.Retrieval.Configuration;

/// <summary>Finds what somebody may have meant.</summary>
public static class NearestName
{
    /// <summary>The candidate with the fewest edits (Levenshtein) from a name, the first of several; null where none is close.</summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        var nearest = candidates.Select(c => (Name: c, Edits: Distance(name, c))).OrderBy(c => c.Edits).FirstOrDefault();
        return nearest.Name is not null && nearest.Edits <= Math.Max(2, name.Length / 2) ? nearest.Name : null;
    }

    /// <summary>Insertions, deletions and replacements that turn one text into the other.</summary>
    public static int Distance(string from, string to)
    {
        var above = Enumerable.Range(0, to.Length + 1).ToArray();
        var row = new int[to.Length + 1];
        for (var i = 1; i <= from.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, 1 + Math.Min(above[j], row[j - 1]));
            }

            (above, row) = (row, above);
        }

        return above[to.Length];
    }
}
