namespace LargeRec.Engine.Cpu.Losses;

/// <summary>
/// The sampled softmax with its gradients for a catalogue beyond the caches. Its rows are gathered from anywhere, and memory answers such questions at a
/// third of the speed at which it is read in order; so the pairs (token, item) are first dealt to ranges of items that fit in a core's second-level cache, and
/// everything that touches an item goes range by range: the table streams by twice, while the tokens, which are few, are read as often as need be.
/// </summary>
/// <remarks>
/// 12 bytes a pair, whatever the catalogue's size, and a few tables of the queries' gradient. Ranges are cut by rows of the catalogue, so that used rows alone
/// give the bits of the whole table; how many there are, and how they are grouped, depends on the shape alone.
/// </remarks>
internal static unsafe class ItemRanges
{
    private const long RangeBytes = 512L << 10;
    private const int MostRanges = 2048;
    private const int SmallestRangeShift = 6;
    private const int MostChunks = 32;
    private const int FewestTokensPerChunk = 64;
    private const long PartialBytes = 96L << 20;
    private const int FewestGroups = 4;
    private const int MostGroups = 16;
    private const long MostQueryBytes = 16L << 20;

    /// <summary>Whether the catalogue is beyond the caches and the tokens, which go by once a range, are not; a pair's place has 32 bits.</summary>
    public static bool Pays(in SampledSoftmaxInputs inputs, int catalogueRows, int paddedColumns, long rangedBytes) =>
        (long)catalogueRows * paddedColumns * sizeof(float) >= rangedBytes && (long)inputs.TokenCount * paddedColumns * sizeof(float) <= MostQueryBytes
        && inputs.TokenCount * (inputs.NegativesPerToken + 1L) <= uint.MaxValue;

    /// <summary>Returns the sum of the tokens' losses, unweighted.</summary>
    /// <param name="catalogueRows">Rows of the catalogue, of which the items are all or some.</param>
    /// <param name="rows">The catalogue's rows that the items are, ascending; null for all.</param>
    /// <param name="queryGradient">None if not wanted, like the items'.</param>
    public static double Run(
        CpuDevice device, in SampledSoftmaxInputs inputs, int catalogueRows, int* rows, float* queryGradient, nint queryGradientStride, float* itemGradient,
        nint itemGradientStride)
    {
        var lanes = (int)device.Width / 32;
        var stride = (inputs.Columns + lanes - 1) / lanes * lanes;
        var pairs = (long)inputs.TokenCount * (inputs.NegativesPerToken + 1);
        var shift = ShiftFor(catalogueRows, stride);
        var ranges = ((catalogueRows - 1) >> shift) + 1;
        var chunks = Math.Clamp(inputs.TokenCount / FewestTokensPerChunk, 1, MostChunks);
        var queryFloats = (long)inputs.TokenCount * stride;
        var groups = (int)Math.Min(ranges, Math.Clamp(PartialBytes / Math.Max(1, queryFloats * sizeof(float)), FewestGroups, MostGroups));
        var tokenFloats = SampledSoftmaxScratch.Floats(inputs.Columns, inputs.NegativesPerToken);
        using var counts = device.Scratch.Rent(2L * chunks * ranges);
        using var starts = device.Scratch.Rent((2L * (ranges + 1)) + ranges + 1);
        using var dealt = device.Scratch.Rent(2 * pairs);
        using var coefficients = device.Scratch.Rent(pairs);
        using var tokens = device.Scratch.Rent(tokenFloats * device.Threads);
        using var results = device.Scratch.Rent(ChunkResults.Floats(Math.Max(chunks, TokenSoftmaxJob.Chunks(inputs.TokenCount))));
        var rangeStarts = (long*)starts.Pointer;
        var firstRows = (int*)(rangeStarts + ranges + 1);
        var dealing = new PairDealingJob(inputs, rows, shift, ranges, chunks, (long*)counts.Pointer, (ulong*)dealt.Pointer, tokens.Pointer, tokenFloats)
        {
            Results = new ChunkResults(results.Pointer, chunks),
        };
        device.Workers.Run(chunks, ref dealing);
        _ = dealing.Results.Sum(inputs);
        PlaceChunks(dealing.Places, chunks, ranges, rangeStarts);
        PlaceRows(rows, inputs.ItemCount, shift, ranges, firstRows);
        dealing.Deals = true;
        device.Workers.Run(chunks, ref dealing);

        using var queries = device.Scratch.Rent(queryFloats);
        using var partials = device.Scratch.Rent(itemGradient == null ? 0 : queryFloats * groups);
        var rangeFloats = (long)stride << shift;
        var mostPairs = MostPairs(rangeStarts, ranges);
        var workerFloats = ItemRangeWork.Floats(rangeFloats, mostPairs);
        using var work = device.Scratch.Rent(workerFloats * device.Threads);
        var ofRanges = new ItemRangeWork
        {
            Inputs = inputs,
            Stride = stride,
            Ranges = ranges,
            Groups = groups,
            RangeStarts = rangeStarts,
            FirstRows = firstRows,
            Dealt = (ulong*)dealt.Pointer,
            Coefficients = coefficients.Pointer,
            Queries = queries.Pointer,
            Partials = partials.Pointer,
            ItemGradient = itemGradient,
            ItemGradientStride = itemGradientStride,
            Scratch = work.Pointer,
            WorkerFloats = workerFloats,
            RangeFloats = rangeFloats,
        };
        var scaling = new ScaleQueriesJob(inputs, queries.Pointer, stride);
        device.Workers.Run(scaling.Chunks, ref scaling);
        var dots = new RangeDotsJob(ofRanges);
        device.Workers.Run(ranges, ref dots);
        var softmax = new TokenSoftmaxJob(inputs, coefficients.Pointer, tokens.Pointer, tokenFloats, results.Pointer);
        device.Workers.Run(TokenSoftmaxJob.Chunks(inputs.TokenCount), ref softmax);
        if (itemGradient == null)
        {
            return softmax.Results.Sum(inputs);
        }

        var gradients = new RangeGradientsJob(ofRanges);
        device.Workers.Run(groups, ref gradients);
        var adding = new AddPartialsJob(inputs, partials.Pointer, stride, groups, queryGradient, queryGradientStride);
        device.Workers.Run(adding.Chunks, ref adding);
        return softmax.Results.Sum(inputs);
    }

    /// <summary>The rows of a range are so many bits: those that half a second-level cache holds, unless there would be too many ranges to deal to.</summary>
    private static int ShiftFor(int catalogueRows, int stride)
    {
        var shift = SmallestRangeShift;
        while (((long)stride * sizeof(float)) << (shift + 1) <= RangeBytes || (catalogueRows - 1) >> shift >= MostRanges)
        {
            shift++;
        }

        return shift;
    }

    /// <summary>Turns counts by (chunk, range) into places: range by range, within a range chunk by chunk.</summary>
    private static void PlaceChunks(long* places, int chunks, int ranges, long* rangeStarts)
    {
        var place = 0L;
        for (var range = 0; range < ranges; range++)
        {
            rangeStarts[range] = place;
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                ref var entry = ref places[((long)chunk * ranges) + range];
                (entry, place) = (place, place + entry);
            }
        }

        rangeStarts[ranges] = place;
    }

    /// <summary>The first item of each range, and behind the last one their number.</summary>
    private static void PlaceRows(int* rows, int items, int shift, int ranges, int* firstRows)
    {
        for (var range = 0; range <= ranges; range++)
        {
            var row = (int)Math.Min((long)range << shift, int.MaxValue);
            var place = rows == null ? row : new ReadOnlySpan<int>(rows, items).BinarySearch(row);
            firstRows[range] = Math.Min(items, place < 0 ? ~place : place);
        }
    }

    private static long MostPairs(long* rangeStarts, int ranges)
    {
        var most = 0L;
        for (var range = 0; range < ranges; range++)
        {
            most = Math.Max(most, rangeStarts[range + 1] - rangeStarts[range]);
        }

        return most;
    }
}
