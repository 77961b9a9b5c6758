namespace LargeRec.Models.Layers;

/// <summary>Of what a gated mixer's projection SiLU is taken.</summary>
public enum ProjectionActivation
{
    /// <summary>U, V, Q and K: the research layer.</summary>
    All,

    /// <summary>U alone: the production layer.</summary>
    GateOnly,
}
