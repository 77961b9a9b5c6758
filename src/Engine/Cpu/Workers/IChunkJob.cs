using LargeRec.Engine.Cpu.Simd;

namespace LargeRec.Engine.Cpu.Workers;

/// <summary>
/// A piece of work cut into chunks by its shape alone, never by the number of threads, so that every sum keeps its order whatever the
/// machine. Chunks run in any order and at the same time: what they add up must live per chunk and be added in chunk order afterwards.
/// </summary>
internal interface IChunkJob
{
    /// <summary>Does one chunk.</summary>
    /// <param name="chunk">Which chunk, from 0.</param>
    /// <param name="worker">Which worker runs it, from 0 and below the worker count: an index for scratch memory, never for results.</param>
    /// <typeparam name="TVector">The SIMD register the device works with.</typeparam>
    void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>;
}
