using LargeRec.Data.Events;

namespace LargeRec.Studies.Definition;

/// <summary>What a grid varies: a key of the configuration, several keys that are always equal, or named groups of keys.</summary>
/// <param name="Name">A key (<c>model.layers</c>), keys joined by = (<c>model.width=model.dqk=model.dv</c>), or any name of one's own.</param>
/// <param name="Values">At least one.</param>
public sealed record StudyAxis(string Name, IReadOnlyList<StudyAxisValue> Values)
{
    /// <summary>The axis of every grid.</summary>
    public const string Seeds = "training.seed";

    /// <summary>The last part of the first key: layers, width, seed; a name of one's own as it is.</summary>
    public string ShortName => Name.Split('=')[0].Trim().Split('.')[^1];

    public override string ToString() => $"{ShortName}: {string.Join(", ", Values.Select(value => OneLine.Of(value.Label)))}";
}
