using LargeRec.Data.Preparation;
using LargeRec.Retrieval.Runs;
using LargeRec.Studies.Running;

namespace LargeRec.Studies.Results;

/// <summary>How much there is to learn from each event of a cell's data, of all users' whole histories.</summary>
/// <param name="ActualEntropy">Lempel-Ziv, bits an event, the mean over users.</param>
/// <param name="ApproximateEntropy">Bits an event, given the one before.</param>
public sealed record DataQuality(double ActualEntropy, double ApproximateEntropy)
{
    /// <summary>Of the data of every finished cell; cells of the same data share what is computed once.</summary>
    /// <exception cref="RunFolderException">A run's histories are missing or damaged.</exception>
    public static IReadOnlyDictionary<CellResult, DataQuality> Of(StudyFolder folder, IEnumerable<CellResult> rows)
    {
        var known = new Dictionary<object, DataQuality>();
        var found = new Dictionary<CellResult, DataQuality>();
        foreach (var row in rows.Where(row => row.Summary is not null))
        {
            var data = row.Cell.Configuration.Data with { Fraction = 1 };
            if (!known.TryGetValue(data, out var quality))
            {
                using var histories = RunFolder.Open(folder.PathOf(row.Cell)).OpenHistories();
                quality = new DataQuality(LempelZivEntropy.MeanOf(histories.Sequences).Mean,
                    LargeRec.Data.Preparation.ApproximateEntropy.Of(histories.Sequences));
                known.Add(data, quality);
            }

            found.Add(row, quality);
        }

        return found;
    }
}
