namespace LargeRec.Data.Download;

/// <summary>A fault that may be gone at the next try.</summary>
internal sealed class TransientException(string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the server asked to wait; null where it did not.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
