namespace LargeRec.Engine.Randomness;

/// <summary>Shuffles that depend on (seed, epoch) alone, so that nothing about them has to be kept in a checkpoint.</summary>
public static class Permutation
{
    private const string Site = "permutation";

    /// <summary>An epoch's permutation of 0 .. <paramref name="count"/> - 1; every one of the count! orders is equally likely.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count or the epoch is negative.</exception>
    public static int[] Of(ulong seed, int epoch, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }

        Shuffle(order, new PhiloxStream(seed, Site, (uint)epoch));
        return order;
    }

    /// <summary>Shuffles in place (Fisher and Yates, from the end), by the next draws of a stream.</summary>
    public static void Shuffle<T>(Span<T> values, PhiloxStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        for (var last = values.Length - 1; last > 0; last--)
        {
            var other = stream.NextBelow(last + 1);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }
}
