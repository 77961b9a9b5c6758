using LargeRec.Data.Events;

namespace LargeRec.Retrieval.Recommendations;

/// <summary>A history to recommend from, and whose it is.</summary>
/// <param name="UserId">Null for a history that is nobody's.</param>
/// <param name="Items">Item indices, oldest first.</param>
/// <param name="Times">Milliseconds, or none.</param>
internal sealed record RecommendationRequest(string? UserId, int[] Items, long[] Times)
{
    /// <summary>Checks that the model can take it.</summary>
    /// <param name="hasTimes">Whether the model was trained with times.</param>
    /// <param name="at">The time of the request; null without times.</param>
    /// <exception cref="RecommendationException">It cannot.</exception>
    public void RequireUsable(bool hasTimes, long? at)
    {
        var of = UserId is null ? "the history" : $"user '{UserId}'";
        if (Items.Length == 0)
        {
            throw new RecommendationException("the history is empty; give at least one item");
        }

        if (hasTimes != (Times.Length > 0))
        {
            throw new RecommendationException(hasTimes ? $"{of} has no times, but the model was trained with them"
                : $"{of} has times, but the model was trained without");
        }

        for (var i = 1; i < Times.Length; i++)
        {
            if (Times[i] < Times[i - 1])
            {
                throw new RecommendationException($"{of} goes back in time: {EventTime.ToText(Times[i])} comes after {EventTime.ToText(Times[i - 1])}; give "
                    + "the oldest event first");
            }
        }

        if (Times is [.., var last] && at < last)
        {
            throw new RecommendationException($"the time of the request, {EventTime.ToText(at.Value)}, is before the last event of {of} at "
                + $"{EventTime.ToText(last)}; take a later one");
        }

        if (Times is [var first, ..] && EventTime.SecondsBetween(first, at!.Value) > int.MaxValue)
        {
            throw new RecommendationException($"{of} and the time of the request are more than 68 years apart; take an earlier one");
        }
    }
}
