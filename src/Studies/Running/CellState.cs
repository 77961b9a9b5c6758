namespace LargeRec.Studies.Running;

/// <summary>What became of a cell.</summary>
public enum CellState
{
    /// <summary>Nothing was done yet.</summary>
    Waiting,

    /// <summary>Its training was stopped or killed, or is at work; it goes on from its last checkpoint.</summary>
    Begun,

    /// <summary>It was trained and tested.</summary>
    Finished,

    /// <summary>It ended with an error.</summary>
    Failed,
}
