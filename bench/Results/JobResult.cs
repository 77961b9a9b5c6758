namespace LargeRec.Bench.Results;

/// <summary>A whole job beside its floor and its peers, all measured in one run.</summary>
/// <param name="Job">"step", "layer", "evaluation", "inference".</param>
/// <param name="Setting">The setting's name.</param>
/// <param name="Title">Both, in words.</param>
/// <param name="Circumstances">When and with what it was run.</param>
/// <param name="Seconds">Ours: the median over the turns.</param>
/// <param name="Best">The shortest of the turns.</param>
/// <param name="ShareOfFloor">The floor's seconds by ours: 1 is as fast as the machine.</param>
public sealed record JobResult(
    string Job,
    string Setting,
    string Title,
    Circumstances Circumstances,
    Ceilings Ceilings,
    FloorResult Floor,
    double Seconds,
    double Best,
    double ShareOfFloor,
    IReadOnlyList<PeerResult> Peers);
