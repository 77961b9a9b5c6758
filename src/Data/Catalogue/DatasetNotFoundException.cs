namespace LargeRec.Data.Catalogue;

/// <summary>A data set that is unknown or not where it was looked for; the message is one line that says what to do.</summary>
public sealed class DatasetNotFoundException(string message) : Exception(message);
