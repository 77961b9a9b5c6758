namespace LargeRec.Models.Layers;

/// <summary>What a gated mixer's output projection sees; U is the gate, O what attention gives and n its norm.</summary>
public enum GateKind
{
    /// <summary>U·n(O): the research layer of HSTU.</summary>
    Product,

    /// <summary>[U, n(O), U·n(O)]: the research layer with concat_ua.</summary>
    Concatenate,

    /// <summary>[U, O, U·n(O)]: the production layer of HSTU.</summary>
    ConcatenateRaw,

    /// <summary>n(O), and there is no U.</summary>
    None,
}
