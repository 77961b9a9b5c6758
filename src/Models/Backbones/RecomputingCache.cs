using LargeRec.Engine;
using LargeRec.Engine.Tensors;

namespace LargeRec.Models.Backbones;

/// <summary>A memory of the events alone: every request encodes the whole window.</summary>
internal sealed class RecomputingCache(SequenceModel model, Device device, int slack) : SequenceCache(model.MaxLength, slack, model.NeedsTimes)
{
    private readonly JaggedLayout _layout = new();

    public override void Dispose()
    {
    }

    private protected override Tensor Encode(ReadOnlySpan<int> nextSeconds)
    {
        int[] next = Seconds.IsEmpty ? [] : [.. Seconds[1..], nextSeconds[^1]];
        _layout.Assign([0, Count], Seconds, next);
        var batch = new SequenceBatch(_layout, device.Upload(Items));
        return model.Encode(ForwardContext.Inference(device), batch).Value.SliceRows(Count - 1, 1);
    }
}
