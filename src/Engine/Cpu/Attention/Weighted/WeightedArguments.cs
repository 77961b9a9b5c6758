using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Cpu.Attention.Weighted;

/// <summary>What weighted attention reads, forward and backward. The plan's units hold heads of keys and values, each with all the queries' heads that read
/// it.</summary>
internal unsafe struct WeightedArguments
{
    /// <summary>Queries and keys are null where the biases alone are the weights.</summary>
    public AttentionArguments Operands;

    /// <summary>H.</summary>
    public int Heads;

    /// <summary>H/G.</summary>
    public int HeadsAKey;

    /// <summary>What scores are multiplied by.</summary>
    public float Scale;

    /// <summary>What weights are multiplied by: 1/N of SiLU.</summary>
    public float Factor;

    public DropoutSite Dropout;

    /// <summary>Groups of 64 columns in a row of the dropout's matrix.</summary>
    public int DropoutGroups;

    /// <summary>Heads of queries of a unit.</summary>
    public readonly int QueryHeads(in AttentionUnit unit) => unit.Heads * HeadsAKey;

    /// <summary>The column of a unit's head of queries, or of outputs, by their width.</summary>
    public readonly int QueryColumn(in AttentionUnit unit, int head, int width) => ((unit.FirstHead * HeadsAKey) + head) * width;

    /// <summary>The column of a unit's head of keys or values, by its width.</summary>
    public static int KeyColumn(in AttentionUnit unit, int head, int width) => (unit.FirstHead + head) * width;

    /// <summary>The activation of a tile.</summary>
    public readonly WeightedTile Tile(in AttentionUnit unit, int head, int queryTile, int keyTile, int rows, float* position, uint* words) => new()
    {
        Rows = rows,
        Diagonal = queryTile == keyTile,
        Position = position,
        Scale = Scale,
        Factor = Factor,
        Dropout = Dropout,
        DropoutScale = Dropout.IsActive ? Dropout.Scale : 1,
        FirstBlock = (((((ulong)(Operands.Offsets[unit.Sequence] + (queryTile * AttentionTile.Size)) * (uint)Heads) + (uint)QueryColumn(unit, head, 1))
            * (uint)DropoutGroups) + (uint)keyTile) * Random.PhiloxVector.GroupBlocks,
        BlocksARow = (ulong)(uint)Heads * (uint)DropoutGroups * Random.PhiloxVector.GroupBlocks,
        Words = words,
    };
}
