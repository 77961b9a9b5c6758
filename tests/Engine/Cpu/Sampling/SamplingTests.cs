using LargeRec.Engine.Cpu;
using LargeRec.Engine.Randomness;

namespace LargeRec.Engine.Tests.Cpu.Sampling;

public sealed class SamplingTests
{
    private const ulong Seed = 0x1234567887654321;

    [Test]
    public void Draws_are_those_of_the_documented_layout([Values(0, 1, 63, 64, 65, 8192, 20_001)] int draws, [Values(1, 7, 3883)] int count)
    {
        var candidates = Enumerable.Range(0, count).Select(i => (3 * i) + 5).ToArray();
        var expected = Enumerable.Range(0, draws).Select(n => candidates[(int)(((ulong)Word(n) * (uint)count) >> 32)]).ToArray();
        foreach (var width in CpuConfigurations.Widths)
        {
            foreach (var threads in CpuConfigurations.ThreadCounts)
            {
                using var device = new CpuDevice(threads, width);
                using var step = device.BeginStep();
                var output = device.AllocateIndices(draws);
                device.Sampling.UniformCandidates(device.Upload(candidates), Seed, 3, 17, output);
                Assert.That(output.ToArray().AsSpan().SequenceEqual(expected), Is.True, device.Name);
            }
        }

        static uint Word(int n)
        {
            var (x, y, z, w) = Philox.Block(Seed, ((ulong)(n / 64) * 16) + (ulong)(n % 16), 3, 17);
            return (n % 64 / 16) switch { 0 => x, 1 => y, 2 => z, _ => w };
        }
    }

    [Test]
    public void Every_candidate_is_as_likely()
    {
        using var device = new CpuDevice(2);
        using var step = device.BeginStep();
        var output = device.AllocateIndices(1_000_000);
        device.Sampling.UniformCandidates(device.Upload([.. Enumerable.Range(0, 10)]), 5, 0, 1, output);

        // Six standard deviations: sqrt(1e6·0.1·0.9) = 300.
        Assert.That(output.ToArray().CountBy(i => i).Select(p => p.Value), Has.Exactly(10).Items.And.All.EqualTo(100_000).Within(1800));
    }

    [Test]
    public void Nothing_to_draw_from_is_refused()
    {
        using var device = new CpuDevice(1);
        using var step = device.BeginStep();
        var (none, output) = (device.AllocateIndices(0), device.AllocateIndices(3));
        Assert.That(() => device.Sampling.UniformCandidates(none, 5, 0, 1, output), Throws.ArgumentException.With.Message.Contains("no candidates"));
    }
}
