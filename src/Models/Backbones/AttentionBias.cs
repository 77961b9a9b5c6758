namespace LargeRec.Models.Backbones;

/// <summary>The relative bias that a layer adds to its attention scores.</summary>
[Flags]
public enum AttentionBias
{
    None = 0,

    /// <summary>By the distance of two events in the sequence.</summary>
    Position = 1,

    /// <summary>By the bucket of the time between the event attended to and the one to be predicted.</summary>
    Time = 2,

    Both = Position | Time,
}
