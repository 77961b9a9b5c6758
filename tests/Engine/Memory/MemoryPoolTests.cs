using CsCheck;
using LargeRec.Engine.Memory;

namespace LargeRec.Engine.Tests.Memory;

/// <summary>Properties of the step's memory under any sequence of renting and returning.</summary>
public sealed class MemoryPoolTests
{
    /// <summary>Up to 300 requests: a positive number rents as many bytes, another returns the block at that place among those rented.</summary>
    private static readonly Gen<int[]> Requests = Gen.Frequency(
        (3, Gen.Int[1, 5000]), (1, Gen.Int[100_000, 3_000_000]), (3, Gen.Int[-1000, -1]), (1, Gen.Int[0, 0])).Array[0, 300];

    [Test]
    public void Blocks_in_use_never_overlap_and_lie_within_their_slab() => Requests.Sample(
        requests =>
        {
            var slabs = new Slabs();
            using var pool = new MemoryPool(slabs);
            Play(pool, requests, live =>
            {
                var ordered = live.OrderBy(b => (b.Slab, b.ByteOffset)).ToArray();
                for (var i = 0; i < ordered.Length; i++)
                {
                    var block = ordered[i];
                    Assert.That(block.ByteOffset + block.Bytes, Is.LessThanOrEqualTo(slabs.Sizes[block.Slab]));
                    if (i > 0 && ordered[i - 1].Slab == block.Slab)
                    {
                        Assert.That(ordered[i - 1].ByteOffset + ordered[i - 1].Bytes, Is.LessThanOrEqualTo(block.ByteOffset));
                    }
                }
            });
        },
        iter: 100, threads: 1);

    [Test]
    public void Blocks_are_as_large_as_asked_for_and_aligned() => Gen.Long[0, 10_000].Array[1, 50].Sample(
        sizes =>
        {
            var slabs = new Slabs();
            using var pool = new MemoryPool(slabs);
            foreach (var size in sizes)
            {
                var block = pool.Rent(size);
                Assert.That(block.Bytes, Is.GreaterThanOrEqualTo(Math.Max(1, size)));
                Assert.That(block.ByteOffset % 64, Is.Zero);
                Assert.That(block.Bytes % 64, Is.Zero);
            }
        },
        iter: 100, threads: 1);

    [Test]
    public void Whatever_is_returned_becomes_one_gap_again() => Requests.Sample(
        requests =>
        {
            var slabs = new Slabs();
            using var pool = new MemoryPool(slabs);
            var live = Play(pool, requests, _ => { });
            Assert.That(pool.UsedBytes, Is.EqualTo(live.Sum(b => b.Bytes)));
            foreach (var block in live)
            {
                pool.Return(block);
            }

            Assert.That(pool.UsedBytes, Is.Zero);
            var held = pool.HeldBytes;
            foreach (var size in slabs.Sizes.Values.OrderDescending().ToArray())
            {
                pool.Rent(size / 64 * 64);
            }

            Assert.That(pool.HeldBytes, Is.EqualTo(held), "each slab is whole again");
        },
        iter: 100, threads: 1);

    [Test]
    public void A_reset_returns_everything_and_joins_the_slabs() => Requests.Sample(
        requests =>
        {
            var slabs = new Slabs();
            using var pool = new MemoryPool(slabs);
            var live = Play(pool, requests, _ => { });
            var generations = live.Select(b => b.Generation).ToArray();
            var held = pool.HeldBytes;
            pool.Reset();
            Assert.That(pool.UsedBytes, Is.Zero);
            Assert.That(pool.HeldBytes, Is.EqualTo(held));
            Assert.That(slabs.Sizes, Has.Count.LessThanOrEqualTo(1));
            Assert.That(live.Zip(generations).All(p => p.First.Generation > p.Second), "views of returned blocks know it");
            if (held > 0)
            {
                pool.Rent(held / 64 * 64);
                Assert.That(pool.HeldBytes, Is.EqualTo(held));
            }
        },
        iter: 100, threads: 1);

    [Test]
    public void The_same_step_again_takes_no_more_memory() => Requests.Sample(
        requests =>
        {
            var slabs = new Slabs();
            using var pool = new MemoryPool(slabs);
            Play(pool, requests, _ => { });
            pool.Reset();
            Play(pool, requests, _ => { });
            pool.Reset();
            var held = pool.HeldBytes;
            for (var step = 0; step < 5; step++)
            {
                Play(pool, requests, _ => { });
                pool.Reset();
                Assert.That(pool.HeldBytes, Is.EqualTo(held));
            }
        },
        iter: 100, threads: 1);

    [Test]
    public void The_peak_is_the_most_that_was_in_use()
    {
        var slabs = new Slabs();
        using var pool = new MemoryPool(slabs);
        var a = pool.Rent(640);
        pool.Return(a);
        pool.Rent(64);
        Assert.That(pool.PeakBytes, Is.EqualTo(640));
        pool.Rent(1280);
        Assert.That(pool.PeakBytes, Is.EqualTo(1344));
    }

    [Test]
    public void Disposing_gives_everything_back()
    {
        var slabs = new Slabs();
        var pool = new MemoryPool(slabs);
        pool.Rent(5_000_000);
        pool.Rent(7_000_000);
        pool.Dispose();
        Assert.That(slabs.Sizes, Is.Empty);
        Assert.That(pool.HeldBytes, Is.Zero);
    }

    private static List<MemoryBlock> Play(MemoryPool pool, int[] requests, Action<List<MemoryBlock>> check)
    {
        var live = new List<MemoryBlock>();
        foreach (var request in requests)
        {
            if (request > 0 || live.Count == 0)
            {
                live.Add(pool.Rent(Math.Abs(request)));
            }
            else
            {
                var index = -request % live.Count;
                pool.Return(live[index]);
                live.RemoveAt(index);
            }

            check(live);
        }

        return live;
    }

    /// <summary>Slabs that are numbers, with their sizes.</summary>
    private sealed class Slabs : ISlabAllocator
    {
        private nint _next = 1;

        public Dictionary<nint, long> Sizes { get; } = [];

        public nint Allocate(long bytes)
        {
            Sizes.Add(_next, bytes);
            return _next++;
        }

        public void Free(nint slab, long bytes)
        {
            Assert.That(Sizes.Remove(slab, out var size), "freed twice");
            Assert.That(size, Is.EqualTo(bytes));
        }
    }
}
