namespace LargeRec.Engine.Profiling;

/// <summary>The part of a training step that a stretch of time belongs to.</summary>
public enum ProfilePhase
{
    /// <summary>Waiting for a batch and bringing it to the device.</summary>
    Data,

    /// <summary>From inputs to the loss.</summary>
    Forward,

    /// <summary>From the loss to the gradients.</summary>
    Backward,

    /// <summary>From gradients to parameters.</summary>
    Update,

    /// <summary>What no operation claims.</summary>
    Rest,
}
