using System.Text.Json.Serialization;

namespace LargeRec.Retrieval.Runs;

/// <summary>How far a run has come.</summary>
public enum RunState
{
    /// <summary>It has its summary.</summary>
    [JsonStringEnumMemberName("finished")]
    Finished,

    /// <summary>A training is at work on it.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>It ended before its last epoch was tested.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,

    /// <summary>It cannot be read.</summary>
    [JsonStringEnumMemberName("unreadable")]
    Unreadable,
}
