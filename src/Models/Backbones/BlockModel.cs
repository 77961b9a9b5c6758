using LargeRec.Autograd;
using LargeRec.Autograd.Functions;
using LargeRec.Engine;
using LargeRec.Models.Embeddings;
using LargeRec.Models.Layers;

namespace LargeRec.Models.Backbones;

/// <summary>The embedding, a stack of blocks, a norm where the plan has one, and both sides normalised to length 1.</summary>
public sealed class BlockModel : SequenceModel
{
    private const float NormEpsilon = 1e-6f;

    private readonly ModelPlan _plan;
    private readonly SequenceEmbedding _embedding;
    private readonly Block[] _blocks;
    private readonly Norm? _finalNorm;

    /// <exception cref="ArgumentException">An option is impossible.</exception>
    public BlockModel(Device device, ModelPlan plan, ulong seed)
    {
        _plan = plan;
        _embedding = Register(new SequenceEmbedding(device, plan.ItemRows, plan.Width, plan.ItemTable, plan.MaxLength + 11, plan.Positions,
            plan.Dropout, seed, plan.PositionsFromLatest));
        _blocks = [.. plan.Blocks.Select(options => Register(new Block(device, options, seed)))];
        _finalNorm = plan.FinalNorm is { } norm ? Register(new Norm(device, norm, plan.Width, seed)) : null;
    }

    public override int MaxLength => _plan.MaxLength;

    public override bool NeedsTimes => _plan.Blocks.Any(b => b.Mixer.Attention.NeedsTimes);

    public override int Width => _plan.Width;

    public override int ItemRows => _plan.ItemRows;

    public override Parameter ItemTable => _embedding.ItemTable;

    public override float ItemNormEpsilon => NormEpsilon;

    public override double ForwardFlops(TokenCounts counts) => _blocks.Sum(block => block.ForwardFlops(counts));

    public override Variable Encode(ForwardContext context, SequenceBatch batch)
    {
        if (batch.Layout.LongestSequence > MaxLength)
        {
            throw new ArgumentException($"{_plan.Name}: a sequence has {batch.Layout.LongestSequence} events, the model takes {MaxLength}; keep the latest");
        }

        var x = _embedding.Forward(context, batch);
        foreach (var block in _blocks)
        {
            x = block.Forward(context, x, batch.Layout);
        }

        x = _finalNorm is null ? x : _finalNorm.Forward(context.Tape, x);
        return L2Normalize.Apply(context.Tape, x, NormEpsilon);
    }

    public override Variable Items(ForwardContext context) => L2Normalize.Apply(context.Tape, _embedding.ItemTable.Variable, NormEpsilon);
}
