namespace LargeRec.Data.Preparation;

/// <summary>Which of each user's last events are held out.</summary>
public enum SplitKind
{
    /// <summary>The last event is the test; there is no validation. The split of the published HSTU results.</summary>
    Published,

    /// <summary>The last event is the test, the second-last the validation.</summary>
    Validated,
}
