namespace LargeRec.Data.Catalogue;

/// <summary>Finds what somebody may have meant by a name that does not exist.</summary>
public static class NearestName
{
    /// <summary>The candidate with the fewest edits (as <see cref="Distance"/> counts them) from a name, the first of several; null where none is
    /// close.</summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        var (nearest, fewest) = (default(string), Math.Max(2, name.Length / 2) + 1);
        foreach (var candidate in candidates)
        {
            // Lengths alone rule most out where there are millions, as of users.
            if (Math.Abs(candidate.Length - name.Length) < fewest && Distance(name, candidate) is var edits && edits < fewest)
            {
                (nearest, fewest) = (candidate, edits);
            }
        }

        return nearest;
    }

    /// <summary><c>: did you mean 'x'?</c> for the end of a sentence, or nothing where no candidate is close.</summary>
    public static string Question(string name, IEnumerable<string> candidates) => Find(name, candidates) is { } nearest ? $": did you mean '{nearest}'?" : "";

    /// <summary>
    /// Insertions, deletions, replacements and exchanges of two neighbours that turn one text into the other, without case: the restricted distance of Damerau
    /// and Levenshtein.
    /// </summary>
    public static int Distance(string from, string to)
    {
        var above = Enumerable.Range(0, to.Length + 1).ToArray();
        var row = new int[to.Length + 1];
        var twoAbove = new int[to.Length + 1];
        for (var i = 1; i <= from.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = above[j - 1] + (IsSame(from[i - 1], to[j - 1]) ? 0 : 1);
                row[j] = Math.Min(replaced, 1 + Math.Min(above[j], row[j - 1]));
                if (i > 1 && j > 1 && IsSame(from[i - 1], to[j - 2]) && IsSame(from[i - 2], to[j - 1]))
                {
                    row[j] = Math.Min(row[j], 1 + twoAbove[j - 2]);
                }
            }

            (twoAbove, above, row) = (above, row, twoAbove);
        }

        return above[to.Length];
    }

    private static bool IsSame(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
