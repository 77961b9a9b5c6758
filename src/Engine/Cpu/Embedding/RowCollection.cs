using System.Numerics;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Cpu.Workers;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Cpu.Embedding;

/// <summary>
/// The distinct rows that ids name, ascending, and each id's place among them: by a bit a row of the table. Each worker marks bits of its own, which are then
/// joined, so that who marked what changes nothing; a row's place is the number of bits before its own.
/// </summary>
/// <remarks>Two bytes of work an id besides V/8 bytes a thread: 0.6 MB at 5,000,000 rows, so that the table's size hardly counts.</remarks>
internal static unsafe class RowCollection
{
    private const int IdsPerChunk = 1 << 15;
    private const int WordsPerChunk = 1 << 11;

    public static void Collect(CpuDevice device, RowGradient gradient, long mostRows, ReadOnlySpan<IndexTensor> ids)
    {
        var words = (gradient.TableRows + 63) / 64;
        using var bits = device.Scratch.Rent(2L * words * device.Threads);
        using var starts = device.Scratch.Rent(words);
        new Span<byte>(bits.Pointer, checked(words * device.Threads * sizeof(ulong))).Clear();
        var bitmap = (ulong*)bits.Pointer;
        bitmap[0] = 1;
        foreach (var array in ids)
        {
            var marking = new MarkJob(CpuDevice.Pointer(array), array.Length, bitmap, words);
            device.Workers.Run((array.Length + IdsPerChunk - 1) / IdsPerChunk, ref marking);
        }

        var chunks = (words + WordsPerChunk - 1) / WordsPerChunk;
        var joining = new JoinJob(bitmap, words, device.Threads, (int*)starts.Pointer);
        device.Workers.Run(chunks, ref joining);
        var count = 0;
        for (var word = 0; word < words; word++)
        {
            ref var start = ref ((int*)starts.Pointer)[word];
            (start, count) = (count, count + start);
        }

        var rows = gradient.Reserve(mostRows);
        var writing = new WriteJob(bitmap, words, (int*)starts.Pointer, CpuDevice.Pointer(rows));
        device.Workers.Run(chunks, ref writing);
        gradient.Use(count);
        foreach (var array in ids)
        {
            var renumbering = new RenumberJob(CpuDevice.Pointer(array), array.Length, bitmap, (int*)starts.Pointer);
            device.Workers.Run((array.Length + IdsPerChunk - 1) / IdsPerChunk, ref renumbering);
        }
    }

    private readonly struct MarkJob(int* ids, int count, ulong* bits, int words) : IChunkJob
    {
        public void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var own = bits + ((long)worker * words);
            var end = Math.Min(count, (chunk + 1L) * IdsPerChunk);
            for (var i = (long)chunk * IdsPerChunk; i < end; i++)
            {
                own[ids[i] >> 6] |= 1UL << ids[i];
            }
        }
    }

    /// <summary>Joins the workers' bits into the first's, and counts each word's.</summary>
    private readonly struct JoinJob(ulong* bits, int words, int workers, int* counts) : IChunkJob
    {
        public void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var end = Math.Min(words, (chunk + 1) * WordsPerChunk);
            for (var word = chunk * WordsPerChunk; word < end; word++)
            {
                var joined = bits[word];
                for (var other = 1; other < workers; other++)
                {
                    joined |= bits[((long)other * words) + word];
                }

                bits[word] = joined;
                counts[word] = BitOperations.PopCount(joined);
            }
        }
    }

    private readonly struct WriteJob(ulong* bits, int words, int* starts, int* rows) : IChunkJob
    {
        public void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var end = Math.Min(words, (chunk + 1) * WordsPerChunk);
            for (var word = chunk * WordsPerChunk; word < end; word++)
            {
                var place = starts[word];
                for (var left = bits[word]; left != 0; left &= left - 1)
                {
                    rows[place++] = (word << 6) + BitOperations.TrailingZeroCount(left);
                }
            }
        }
    }

    private readonly struct RenumberJob(int* ids, int count, ulong* bits, int* starts) : IChunkJob
    {
        public void Run<TVector>(int chunk, int worker)
            where TVector : unmanaged, IFloatVector<TVector>
        {
            var end = Math.Min(count, (chunk + 1L) * IdsPerChunk);
            for (var i = (long)chunk * IdsPerChunk; i < end; i++)
            {
                var word = ids[i] >> 6;
                ids[i] = starts[word] + BitOperations.PopCount(bits[word] & ((1UL << ids[i]) - 1));
            }
        }
    }
}
