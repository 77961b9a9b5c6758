using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Workers;

/// <summary>What a <see cref="RowJob{TKernel}"/> does with one row.</summary>
internal interface IRowKernel
{
    /// <summary>Asks for the memory of a row that comes soon; it may be one beyond the last.</summary>
    void Prefetch(int row, int columns);

    /// <summary>Computes one row.</summary>
    /// <param name="row">Which row, from 0.</param>
    /// <param name="columns">Values of this row.</param>
    /// <param name="worker">An index for scratch memory, never for results.</param>
    /// <typeparam name="TVector">The SIMD register the device works with.</typeparam>
    void Row<TVector>(int row, int columns, int worker)
        where TVector : unmanaged, IFloatVector<TVector>;
}
