using LargeRec.Data.Preparation;

namespace LargeRec.Data.Tests.Synthetic;

/// <summary>
/// HR@10 and NDCG@10 of simple rankings on the test part of a split: full catalogue, items of the history left out, rank = 1 + greater + equal with a
/// smaller index. Plain and slow.
/// </summary>
internal static class Floors
{
    public static (double HitRate, double Ndcg) Popularity(InteractionSequences sequences, DataSplit split)
    {
        var counts = CountItems(sequences);
        return MeanAt10(sequences, split, _ => counts);
    }

    /// <summary>Scores are pair counts, then popularity.</summary>
    public static (double HitRate, double Ndcg) Markov(InteractionSequences sequences, DataSplit split)
    {
        var counts = CountItems(sequences);
        var popularity = Array.ConvertAll(counts, count => count / 1e9);
        var rows = sequences.Catalogue.TableRows;
        var next = new Dictionary<int, int>[rows];
        for (var user = 0; user < sequences.UserCount; user++)
        {
            var items = sequences.Items[sequences.Offsets[user]..(sequences.Offsets[user + 1] - 1)];
            for (var i = 1; i < items.Length; i++)
            {
                var row = next[items[i - 1]] ??= [];
                row[items[i]] = row.GetValueOrDefault(items[i]) + 1;
            }
        }

        return MeanAt10(sequences, split, example =>
        {
            var scores = (double[])popularity.Clone();
            foreach (var (item, count) in next[sequences.Items[example.Target - 1]] ?? [])
            {
                scores[item] += count;
            }

            return scores;
        });
    }

    public static double[] CountItems(InteractionSequences sequences)
    {
        var counts = new double[sequences.Catalogue.TableRows];
        for (var user = 0; user < sequences.UserCount; user++)
        {
            foreach (var item in sequences.Items[sequences.Offsets[user]..(sequences.Offsets[user + 1] - 1)])
            {
                counts[item]++;
            }
        }

        return counts;
    }

    public static (double HitRate, double Ndcg) MeanAt10(InteractionSequences sequences, DataSplit split, Func<Example, double[]> score)
    {
        double hits = 0;
        double gain = 0;
        foreach (var example in split.Test.Span)
        {
            var scores = score(example);
            var target = sequences.Items[example.Target];
            var seen = sequences.Items.Slice(example.Start, example.Length).ToArray().ToHashSet();
            if (seen.Contains(target))
            {
                continue;
            }

            var rank = 1;
            foreach (var item in sequences.Catalogue.Candidates)
            {
                if (item != target && !seen.Contains(item) && (scores[item] > scores[target] || (scores[item] == scores[target] && item < target)))
                {
                    rank++;
                }
            }

            hits += rank <= 10 ? 1 : 0;
            gain += rank <= 10 ? 1 / Math.Log2(rank + 1) : 0;
        }

        return (hits / split.Test.Length, gain / split.Test.Length);
    }
}
