namespace LargeRec.Autograd;

/// <summary>A computation made NaN or infinity.</summary>
public sealed class NonFiniteException : ArithmeticException
{
    public NonFiniteException()
    {
    }

    public NonFiniteException(string message)
        : base(message)
    {
    }

    public NonFiniteException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public NonFiniteException(string message, string operation)
        : base(message) => Operation = operation;

    /// <summary>The function that made it, where it is known.</summary>
    public string? Operation { get; }
}
