namespace LargeRec.Studies.Definition;

/// <summary>What a study asks; it decides what the report draws first, not what is computed.</summary>
public enum StudyKind
{
    /// <summary>How loss and metrics go with parameters, arithmetic and data.</summary>
    Scaling,

    /// <summary>What each part of a model is worth: variants beside the first of them.</summary>
    Ablation,

    /// <summary>What settings do one by one and together.</summary>
    Parameters,
}
