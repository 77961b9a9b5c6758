namespace LargeRec.Data.Download;

/// <summary>A download that could not be done: one line with the address or file, the reason and what to do. What was fetched stays unless the line says
/// otherwise.</summary>
public sealed class DownloadException(string message, Exception? inner = null) : Exception(message, inner);
