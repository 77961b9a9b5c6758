namespace LargeRec.Retrieval.Runs;

/// <summary>A candidate of a run.</summary>
/// <param name="Index">Its row in the item table, from 1 (0 is padding).</param>
/// <param name="Id">Its id in the user's data.</param>
/// <param name="Title">Its title; null where none is known. An empty one counts as none.</param>
public sealed record ItemRow(int Index, string Id, string? Title);
