using System.Diagnostics;
using System.Globalization;
using LargeRec.Bench.Ceilings;
using LargeRec.Bench.Results;

namespace LargeRec.Bench.Paired;

/// <summary>
/// A whole job beside its floor, computed from ceilings measured in the same run, and beside peers' programs: they take turns, and the median of the pairwise
/// ratios counts.
/// </summary>
internal static class PairedJob
{
    private static readonly string[] Names = ["step", "layer", "evaluation", "inference"];

    /// <summary>Threads of OpenBLAS and OpenMP keep asking for the processor for a while after their last work.</summary>
    private const int RestMilliseconds = 100;

    public static int Run(string[] args)
    {
        var name = args.FirstOrDefault() ?? "";
        var setting = JobSetting.All.FirstOrDefault(s => s.Name == (Arguments.Value(args, "--setting") ?? "ml-1m"));
        if (!Names.Contains(name) || setting is null)
        {
            Console.Error.WriteLine($"bench paired: take one of {string.Join(", ", Names)}, and of the settings {JobSetting.Names}");
            return 2;
        }

        var threads = Arguments.Number(args, "--threads", 2);
        var pairs = Arguments.Number(args, "--pairs", 5);
        var users = Arguments.Number(args, "--users", 6040);
        var turn = Arguments.Number(args, "--turn", name switch { "inference" => 50, "evaluation" => 1, _ => 5 });
        var variants = (Arguments.Value(args, "--peers") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var circumstances = Measured.Now(["paired", .. args], threads);
        using var job = Create(name, setting, threads, users);
        var before = MachineCeilings.Measure(threads);
        var peers = new List<PeerProcess>();
        try
        {
            foreach (var variant in variants)
            {
                Console.Error.WriteLine($"starting the {variant} peer");
                peers.Add(new PeerProcess(variant, ["--job", name, .. setting.PeerArguments(), "--threads", $"{threads}", "--users", $"{users}", "--warm-up",
                    name == "evaluation" ? "1" : "2"]));
            }

            var result = Measure(name, setting, users, job, before, peers, pairs, turn, circumstances);
            Print(result, job);
            if (!MachineCeilings.AreOurs(result.Ceilings.Gigaflops, threads))
            {
                return 1;
            }

            Measured.Keep(Arguments.Value(args, "--json"), report => report.With(result));
        }
        finally
        {
            peers.ForEach(peer => peer.Dispose());
        }

        return 0;
    }

    private static IPairedJob Create(string name, JobSetting setting, int threads, int users) => name switch
    {
        "step" => new StepOfTraining(setting, threads),
        "layer" => new LayerBothWays(setting, threads),
        "evaluation" => new EvaluationOfUsers(setting, threads, users),
        _ => new NextItemsOfAUser(setting, threads),
    };

    private static string Title(string name, JobSetting setting, int users) => name switch
    {
        "step" => $"training step, {setting.Title}",
        "layer" => $"layer, forward and backward, {setting.Title}",
        "evaluation" => string.Create(CultureInfo.InvariantCulture, $"evaluation of {users:N0} users, {setting.Title}"),
        _ => $"inference, one user's next items, {setting.Title}",
    };

    private static JobResult Measure(
        string name, JobSetting setting, int users, IPairedJob job, Results.Ceilings before, List<PeerProcess> peers, int pairs, int turn,
        Circumstances circumstances)
    {
        var ours = new List<double>();
        var best = double.PositiveInfinity;
        var theirs = peers.ConvertAll(_ => new List<double>());
        for (var warmUp = 0; warmUp < (name == "evaluation" ? 1 : 4); warmUp++)
        {
            job.Run();
        }

        for (var pair = 0; pair < pairs; pair++)
        {
            Thread.Sleep(RestMilliseconds);
            var seconds = Turn(job, turn);
            ours.Add(Statistics.Median(seconds));
            best = Math.Min(best, seconds.Min());
            for (var i = 0; i < peers.Count; i++)
            {
                Thread.Sleep(RestMilliseconds);

                // A slow peer's turn need not have as many runs: what each pair compares is medians.
                theirs[i].Add(peers[i].Measure(peers[i].Variant == "plain" ? Math.Max(1, turn / 5) : turn));
                Console.Error.WriteLine($"pair {pair + 1}: ours {ours[^1]:F4} s, {peers[i].Variant} {theirs[i][^1]:F4} s, ratio {theirs[i][^1] / ours[^1]:F2}");
            }
        }

        // Both before and after: a ceiling that something else has lowered would flatter us.
        var ceilings = before.Highest(MachineCeilings.Measure(circumstances.Threads));
        var floor = job.Floor.Seconds(ceilings.Gigaflops, ceilings.MemoryGigabytes, ceilings.CacheGigabytes);
        var medianOfOurs = Statistics.Median(ours);
        return new JobResult(
            name,
            setting.Name,
            Title(name, setting, users),
            circumstances,
            ceilings,
            new FloorResult(job.Floor.Flops / 1e9, job.Floor.MemoryBytes / 1e9, job.Floor.CacheBytes / 1e9, floor),
            medianOfOurs,
            best,
            floor / medianOfOurs,
            [.. peers.Select((peer, i) => new PeerResult(peer.Variant, Statistics.Median(theirs[i]),
            Statistics.Median(theirs[i].Zip(ours, (their, our) => their / our)), pairs, peer.Versions))]);
    }

    private static void Print(JobResult result, IPairedJob job)
    {
        var (ceilings, floor) = (result.Ceilings, result.Floor);
        Console.WriteLine($"ceilings: {ceilings.Gigaflops:F0} GFLOP/s, {ceilings.MemoryGigabytes:F1} GB/s memory, {ceilings.CacheGigabytes:F0} GB/s cache "
            + $"({result.Circumstances.Threads} threads)");
        var overlapped = job.Floor.OverlappedSeconds(ceilings.Gigaflops, ceilings.MemoryGigabytes, ceilings.CacheGigabytes);
        Console.WriteLine($"floor: {floor.Gigaflop:F3} GFLOP, {floor.MemoryGigabytes:F3} GB memory, {floor.CacheGigabytes:F3} GB cache: {floor.Seconds:F5} s "
            + $"one after the other, {overlapped:F5} s at once");
        Console.WriteLine($"{result.Title}: {result.Seconds:F5} s (best {result.Best:F5}), {result.Seconds / floor.Seconds:F2} times its floor "
            + $"({result.ShareOfFloor:P0})");
        foreach (var peer in result.Peers)
        {
            Console.WriteLine($"{peer.Variant} peer: {peer.Seconds:F5} s, median ratio of {peer.Pairs} pairs {peer.Ratio:F2} "
                + $"({string.Join(", ", peer.Versions.Select(v => $"{v.Key} {v.Value}"))})");
        }

        if (job.Remark() is { } remark)
        {
            Console.WriteLine(remark);
        }
    }

    private static List<double> Turn(IPairedJob job, int runs)
    {
        var seconds = new List<double>();
        for (var run = 0; run < runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            job.Run();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return seconds;
    }
}
