using LargeRec.Bench.Step;

namespace LargeRec.Bench.Paired;

/// <summary>A whole job that our program and its peers do in turns.</summary>
internal interface IPairedJob : IDisposable
{
    /// <summary>What it cannot do without.</summary>
    StepFloor Floor { get; }

    /// <summary>Does it once.</summary>
    void Run();

    /// <summary>A line about what the turns have left behind, or nothing.</summary>
    string? Remark();
}
