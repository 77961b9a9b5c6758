namespace LargeRec.Engine.Weights;

/// <summary>A file of weights is not what it says, or not what was asked of it. The message is one line: the file, what is wrong.</summary>
public sealed class WeightsFormatException : Exception
{
    public WeightsFormatException()
    {
    }

    public WeightsFormatException(string message)
        : base(message)
    {
    }

    public WeightsFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    // Names come from the file: a control character in one must not break the line or steer a terminal.
    internal static WeightsFormatException At(string origin, string problem, Exception? inner = null) =>
        new(string.Concat($"{origin}: {problem}".Select(c => char.IsControl(c) ? '?' : c)), inner!);
}
