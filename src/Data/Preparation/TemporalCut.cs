using System.Globalization;

namespace LargeRec.Data.Preparation;

/// <summary>The split temporal: two moments that are the same for all users.</summary>
internal sealed class TemporalCut(InteractionSequences sequences, SplitOptions options)
{
    public DataSplit Split()
    {
        var (validationFrom, testFrom) = Moments();
        var parts = new SplitBuilder(sequences, options);
        var times = sequences.Times;
        for (var user = 0; user < sequences.UserCount; user++)
        {
            var first = sequences.Offsets[user];
            var own = times[first..sequences.Offsets[user + 1]];
            var validation = first + CountBefore(own, validationFrom);
            var test = first + CountBefore(own, testFrom);
            parts.EndTraining(user, validation);

            // A user's next event after a moment is what a system of that moment is asked for; those after it have others in between.
            parts.AddValidation(user, validation, Math.Min(validation + 1, test));
            parts.AddTest(user, test, Math.Min(test + 1, first + own.Length));
        }

        return parts.Build(
            $"split temporal: events before {Text(validationFrom)} are the training; a user's first event from then on and before {Text(testFrom)} is "
            + $"its validation, "
            + $"its first from then on its test; latest {options.MaxLength} events of a history");
    }

    /// <summary>Events at exactly a moment lie after it, all of them.</summary>
    private (long ValidationFrom, long TestFrom) Moments()
    {
        if (options.TestFrom is null || options.ValidationFrom is null)
        {
            DataSplit.RequireFractions(options);
        }

        long[]? sorted = null;
        long AtFraction(double heldOut)
        {
            if (sorted is null)
            {
                sorted = sequences.Times.ToArray();
                Array.Sort(sorted);
            }

            return sorted.Length == 0 ? 0 : sorted[Math.Clamp((int)(sorted.Length * (1 - heldOut)), 0, sorted.Length - 1)];
        }

        var test = options.TestFrom ?? AtFraction(options.TestFraction);
        var validation = options.ValidationFrom ?? AtFraction(options.TestFraction + options.ValidationFraction);
        return validation <= test
            ? (validation, test)
            : throw new ArgumentException($"the validation begins at {Text(validation)}, after the test at {Text(test)}; it must begin before or "
                + "at the same time");
    }

    private static int CountBefore(ReadOnlySpan<long> ascending, long moment)
    {
        var (low, high) = (0, ascending.Length);
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high) / 2);
            (low, high) = ascending[middle] < moment ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static string Text(long milliseconds)
        => milliseconds / 1000 is >= -62135596800 and < 253402300800
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : $"{milliseconds} ms";
}
