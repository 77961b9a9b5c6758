using LargeRec.Data.Events;

namespace LargeRec.Retrieval.Configuration;

/// <summary>A configuration cannot be used. The message is one line: where it was said, the key, what was given, what is allowed.</summary>
public sealed class ConfigurationException : Exception
{
    public ConfigurationException()
    {
    }

    public ConfigurationException(string message)
        : base(OneLine.Of(message))
    {
    }

    public ConfigurationException(string message, Exception innerException)
        : base(OneLine.Of(message), innerException)
    {
    }
}
