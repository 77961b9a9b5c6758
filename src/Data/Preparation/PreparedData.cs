namespace LargeRec.Data.Preparation;

/// <summary>Sequences, and the file that their columns lie in where they do.</summary>
/// <param name="sequences">Valid until this is disposed of.</param>
/// <param name="file">Disposed of with this; null where the columns are arrays.</param>
/// <param name="note">Where they come from: a line to print; null where there is nothing to say.</param>
public sealed class PreparedData(InteractionSequences sequences, PreparedFile? file = null, string? note = null) : IDisposable
{
    public InteractionSequences Sequences => sequences;

    /// <summary>Where they come from: a line to print; null where there is nothing to say.</summary>
    public string? Note => note;

    public void Dispose() => file?.Dispose();
}
