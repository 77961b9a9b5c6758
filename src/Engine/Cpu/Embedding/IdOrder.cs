using System.Numerics;

namespace LargeRec.Engine.Cpu.Embedding;

/// <summary>
/// The positions of ids in the order of the ids, equal ones in the order in which they stand: so that what belongs to one row of a table is summed in
/// a fixed order, by one thread, without atomics. A stable radix sort: O(ids), whatever the size of the table.
/// </summary>
internal static unsafe class IdOrder
{
    private const int LargestDigit = 12;

    /// <summary>Scratch integers that <see cref="Sort"/> needs.</summary>
    public static long ScratchIntegers(int count) => count + (1L << LargestDigit);

    /// <param name="ids">Each at least 0 and below <paramref name="rows"/>.</param>
    /// <param name="count">Number of ids.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="order">[count], written.</param>
    /// <param name="scratch"><see cref="ScratchIntegers"/> integers.</param>
    public static void Sort(int* ids, int count, int rows, int* order, int* scratch)
    {
        var bits = Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)(rows - 1)));
        var passes = (bits + LargestDigit - 1) / LargestDigit;
        var digit = (bits + passes - 1) / passes;
        var starts = scratch + count;

        // The last pass must write to order: with an even number of passes the first one writes to scratch.
        int* from = null;
        var to = passes % 2 == 1 ? order : scratch;
        for (var pass = 0; pass < passes; pass++)
        {
            Scatter(ids, count, from, to, pass * digit, digit, starts);
            from = to;
            to = to == order ? scratch : order;
        }
    }

    /// <summary>One pass: positions sorted by one digit of their ids; <paramref name="from"/> null stands for 0, 1, 2, ...</summary>
    private static void Scatter(int* ids, int count, int* from, int* to, int shift, int digit, int* starts)
    {
        var values = 1 << digit;
        var mask = values - 1;
        new Span<int>(starts, values).Clear();
        for (var i = 0; i < count; i++)
        {
            starts[(ids[i] >> shift) & mask]++;
        }

        var sum = 0;
        for (var v = 0; v < values; v++)
        {
            (starts[v], sum) = (sum, sum + starts[v]);
        }

        for (var i = 0; i < count; i++)
        {
            var position = from == null ? i : from[i];
            to[starts[(ids[position] >> shift) & mask]++] = position;
        }
    }
}
