using System.Globalization;
using System.Text;
using LargeRec.Data.Preparation;
using LargeRec.Retrieval.Experiment;
using LargeRec.Retrieval.Reports;

namespace LargeRec.Retrieval.Evaluation;

/// <summary>The rank of every example's target, for whoever wants to compute what this program does not.</summary>
public static class RanksFile
{
    /// <summary>
    /// Comma-separated values in UTF-8: <c>user,item,history_length,rank</c>, a line an example: the ids as the data have them, how many events its history
    /// has, and its rank from 1; 0 is a target that the filter took out, a miss.
    /// </summary>
    /// <param name="stream">Is left open.</param>
    /// <param name="data">The data that were evaluated.</param>
    /// <param name="examples">The examples, in the order of the ranks.</param>
    /// <param name="ranks">One an example.</param>
    public static void WriteCsv(Stream stream, ExperimentData data, ReadOnlyMemory<Example> examples, IReadOnlyList<int> ranks)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true);
        writer.Write(CsvLine.Of("user", "item", "history_length", "rank"));
        var sequences = data.Sequences;
        for (var i = 0; i < examples.Length; i++)
        {
            var example = examples.Span[i];
            writer.Write(CsvLine.Of(
                sequences.UserIds.GetText(example.User),
                sequences.Catalogue.GetId(sequences.Items[example.Target]),
                (example.Start + example.Length - sequences.Offsets[example.User]).ToString(CultureInfo.InvariantCulture),
                ranks[i].ToString(CultureInfo.InvariantCulture)));
        }
    }
}
