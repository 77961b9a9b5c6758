namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>What is known of a check of a kernel.</summary>
public enum CheckState
{
    /// <summary>Nothing: it was never checked so.</summary>
    Unchecked,

    /// <summary>Its text was another one when it passed.</summary>
    Changed,

    /// <summary>It passed with the text that it has.</summary>
    Passed,
}
