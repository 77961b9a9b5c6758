using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Steps;

/// <summary>The numbers that differ each time a computation recurs: a device that records it reads them from its memory. Null where it uses none.</summary>
public readonly record struct StepValues
{
    /// <summary>Of every dropout mask and draw.</summary>
    public uint? ForwardCount { get; init; }

    /// <summary>What each token counts in the loss.</summary>
    public float? LossWeight { get; init; }

    /// <summary>The rates of an update.</summary>
    public AdamWStep? Update { get; init; }
}
