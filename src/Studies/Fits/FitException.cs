namespace LargeRec.Studies.Fits;

/// <summary>Points do not determine a law; the message says why in a line.</summary>
public sealed class FitException : Exception
{
    public FitException()
    {
    }

    public FitException(string message)
        : base(message)
    {
    }

    public FitException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
