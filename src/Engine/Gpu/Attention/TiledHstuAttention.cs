using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Operations;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Gpu.Attention;

/// <summary>A group 32 rows and a head.</summary>
internal sealed class TiledHstuAttention(GpuDevice device) : HstuAttentionVariant(device)
{
    private const int Side = GroupSizes.PairTile;
    private const int WantsQueries = 1;
    private const int WantsPositionBias = 2;
    private const int WantsTimeBias = 4;

    /// <summary>The most groups that sum the biases' gradients, each in a table of its own: as many as a large device runs at once.</summary>
    private const int MostBiasGroups = 1024;

    /// <summary>Entries of the tables that a group of the sum has.</summary>
    private const int EntriesOfGroup = 8;

    public override void Forward(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor output) =>
        Sizes(Inputs("attention.hstu-forward.tiled", inputs, layout).Matrix(output), inputs, layout).Groups(Blocks(inputs, layout));

    public override void Backward(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor dOutput, in HstuAttentionGradients gradients)
    {
        BackwardQueries(inputs, layout, dOutput, gradients);
        if (gradients.Keys.IsWanted)
        {
            var launch = Inputs("attention.hstu-backward-keys.tiled", inputs, layout).Matrix(dOutput).Matrix(gradients.Keys.Tensor!)
                .Matrix(gradients.Values.Tensor!);
            Sizes(launch, inputs, layout).Int32(gradients.Keys.Accumulate ? 1 : 0).Int32(gradients.Values.Accumulate ? 1 : 0).Groups(Blocks(inputs, layout));
        }
    }

    private static long Blocks(in HstuAttentionInputs inputs, JaggedLayout layout) => (long)((layout.Tokens + Side - 1) / Side) * inputs.Heads;

    private void BackwardQueries(in HstuAttentionInputs inputs, JaggedLayout layout, Tensor dOutput, in HstuAttentionGradients gradients)
    {
        var wanted = (gradients.Queries.IsWanted ? WantsQueries : 0) | (gradients.PositionBias.IsWanted ? WantsPositionBias : 0)
            | (gradients.TimeBias.IsWanted ? WantsTimeBias : 0);
        if (wanted == 0)
        {
            return;
        }

        // Without biases' gradients there are no tables, whatever is given as such.
        var sumsBiases = wanted > WantsQueries;
        var blocks = Blocks(inputs, layout);
        var groups = sumsBiases ? Math.Min(blocks, MostBiasGroups) : blocks;
        var entries = inputs.Normalizer + TimeBuckets.Count;
        var tables = sumsBiases ? Device.AllocateScratch(Shape.Matrix(Math.Max(1, (int)groups), entries)) : null;
        var launch = Inputs("attention.hstu-backward-queries.tiled", inputs, layout)
            .Matrix(dOutput).MatrixOr(gradients.Queries.Tensor, dOutput).MatrixOr(tables, dOutput);
        Sizes(launch, inputs, layout).Int32(gradients.Queries.Accumulate ? 1 : 0).Int32(wanted).Groups(groups);
        if (tables is not null)
        {
            Device.Kernel("attention.sum-biases.tiled").Matrix(tables)
                .Array(gradients.PositionBias.Tensor ?? tables).Array(gradients.TimeBias.Tensor ?? tables)
                .Int32((int)groups).Int32(inputs.Normalizer).Int32(wanted)
                .Int32(gradients.PositionBias.Accumulate ? 1 : 0).Int32(gradients.TimeBias.Accumulate ? 1 : 0)
                .Groups(((2 * inputs.Normalizer) - 1 + TimeBuckets.Count + EntriesOfGroup - 1) / EntriesOfGroup);
            Device.Release(tables);
        }
    }
}
