using LargeRec.Autograd;
using LargeRec.Engine;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Randomness;

namespace LargeRec.Models;

/// <summary>What a forward pass runs under: the tape, whether it trains, and where its random numbers stand.</summary>
/// <param name="Tape">Records the computation.</param>
/// <param name="Training">Dropout is active.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="ForwardCount">Grows with every training forward, so that each draws anew; kept in checkpoints.</param>
public sealed record ForwardContext(Tape Tape, bool Training, ulong Seed, uint ForwardCount)
{
    public Device Device => Tape.Device;

    /// <summary>A forward pass that neither records nor drops anything.</summary>
    public static ForwardContext Inference(Device device)
    {
        var tape = new Tape(device);
        tape.NoGrad();
        return new ForwardContext(tape, Training: false, Seed: 0, ForwardCount: 0);
    }

    /// <summary>The dropout of a place in the model; inactive outside training.</summary>
    public DropoutSite Dropout(string path, float rate) =>
        Training ? new DropoutSite(rate, Seed, ForwardCount, StableHash.Of(path)) : DropoutSite.None;
}
