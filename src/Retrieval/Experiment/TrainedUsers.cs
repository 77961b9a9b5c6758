using LargeRec.Engine.Randomness;

namespace LargeRec.Retrieval.Experiment;

/// <summary>Which users' events are trained on where that is a share of them.</summary>
public static class TrainedUsers
{
    private static readonly uint Site = StableHash.Of("data.fraction");

    /// <summary>
    /// The users whose draws of Philox are the smallest, as many as the share is, at least one. A user's draw depends on nothing but its index, so that the
    /// users are the same for every seed of a training and those of a smaller share are among those of a larger one.
    /// </summary>
    /// <param name="fraction">Above 0 and at most 1.</param>
    /// <param name="users">Users in the data.</param>
    /// <returns>Whether a user is among them; null for all.</returns>
    public static Func<int, bool>? Of(double fraction, int users)
    {
        if (fraction >= 1)
        {
            return null;
        }

        var draws = new ulong[users];
        var order = new int[users];
        for (var user = 0; user < users; user++)
        {
            var (x, y, _, _) = Philox.Block(0, (ulong)user, 0, Site);
            (draws[user], order[user]) = (((ulong)x << 32) | y, user);
        }

        Array.Sort(order, (a, b) => draws[a] != draws[b] ? draws[a].CompareTo(draws[b]) : a.CompareTo(b));
        var chosen = new bool[users];
        foreach (var user in order.AsSpan(0, Math.Max(1, (int)Math.Round(fraction * users))))
        {
            chosen[user] = true;
        }

        return user => chosen[user];
    }
}
