namespace LargeRec.Retrieval.Recommendations;

/// <summary>What was asked for cannot be recommended. The message is one line: what was given, what is known, what to do.</summary>
public sealed class RecommendationException : Exception
{
    public RecommendationException()
    {
    }

    public RecommendationException(string message)
        : base(message)
    {
    }

    public RecommendationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
