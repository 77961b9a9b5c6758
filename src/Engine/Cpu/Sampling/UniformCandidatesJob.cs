using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Random;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;

namespace LargeRec.Engine.Cpu.Sampling;

/// <summary>output_n = candidates[(word_n·C) >> 32].</summary>
internal readonly unsafe struct UniformCandidatesJob(int* candidates, int count, ulong seed, uint forwardCount, uint site, int* output, int draws) : IChunkJob
{
    /// <summary>Groups of 64 draws a chunk.</summary>
    public const int BlockGroups = 128;

    /// <summary>Chunks for a number of draws.</summary>
    public static int Chunks(int draws) => (int)((draws + ((long)BlockGroups * PhiloxVector.GroupWords) - 1) / (BlockGroups * PhiloxVector.GroupWords));

    public void Run<TVector>(int chunk, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var words = stackalloc uint[PhiloxVector.GroupWords];
        var draw = (long)chunk * BlockGroups * PhiloxVector.GroupWords;
        var end = Math.Min(draw + ((long)BlockGroups * PhiloxVector.GroupWords), draws);
        for (; draw < end; draw += PhiloxVector.GroupWords)
        {
            PhiloxVector.DrawGroup<TVector>(seed, (ulong)draw / PhiloxVector.GroupWords * PhiloxVector.GroupBlocks, forwardCount, site, words);
            var drawn = output + draw;
            var length = (int)Math.Min(PhiloxVector.GroupWords, end - draw);
            var i = 0;
            for (; i <= length - 4; i += 4)
            {
                drawn[i] = Candidate(words[i]);
                drawn[i + 1] = Candidate(words[i + 1]);
                drawn[i + 2] = Candidate(words[i + 2]);
                drawn[i + 3] = Candidate(words[i + 3]);
            }

            for (; i < length; i++)
            {
                drawn[i] = Candidate(words[i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Candidate(uint word) => candidates[((ulong)word * (uint)count) >> 32];
}
