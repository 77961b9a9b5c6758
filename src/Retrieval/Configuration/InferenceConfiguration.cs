using System.ComponentModel;

namespace LargeRec.Retrieval.Configuration;

/// <summary>How next items are found for users; no part of it changes what is trained.</summary>
public sealed record InferenceConfiguration
{
    [Description("What is read first to find the best items: none, the table itself; int8, a copy a quarter its size (on the CPU), for the same lists.")]
    public PreselectionSetting Preselection { get; init; } = PreselectionSetting.None;

    [Description("Events besides the oldest that leave the full window of a followed history at once, so that it is encoded anew only then; 0: the window is "
        + "always the latest data.max_length events.")]
    public int WindowSlack { get; init; }
}
