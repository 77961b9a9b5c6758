using LargeRec.Data.Events;

namespace LargeRec.Retrieval.Runs;

/// <summary>A run folder, or something in it, cannot be used. The message is one line: the path, what is wrong, what to do.</summary>
public sealed class RunFolderException : Exception
{
    public RunFolderException()
    {
    }

    public RunFolderException(string message)
        : base(OneLine.Of(message))
    {
    }

    public RunFolderException(string message, Exception innerException)
        : base(OneLine.Of(message), innerException)
    {
    }
}
