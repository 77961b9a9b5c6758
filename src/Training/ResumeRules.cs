using LargeRec.Engine;
using LargeRec.Engine.Cpu;
using LargeRec.Engine.Gpu;
using LargeRec.Retrieval.Checkpoints;
using LargeRec.Retrieval.Configuration;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Training;

/// <summary>What may differ between a run and its resumption, so that the result is the one of a run that was never stopped.</summary>
internal static class ResumeRules
{
    /// <summary>The run's own configuration with what it may be told now.</summary>
    /// <exception cref="ConfigurationException">A key differs that must not; it is named.</exception>
    public static RunConfiguration Resolve(RunFolder folder, RunConfiguration own, IReadOnlyList<string> overrides)
    {
        // Other data than the run's: said as such, before rules between keys of the two are.
        const string DataName = "data.name=";
        if (overrides.LastOrDefault(o => o.StartsWith(DataName, StringComparison.Ordinal)) is { } data && data[DataName.Length..] != own.Data.Name)
        {
            throw Differs(folder, "data.name", data[DataName.Length..], own.Data.Name);
        }

        var wanted = folder.ReadConfiguration(overrides);
        foreach (var difference in ConfigurationDifference.Between(own, wanted))
        {
            var (key, was, now) = (difference.Key, difference.Values[0] ?? "null", difference.Values[1] ?? "null");
            if (key.StartsWith("evaluation.", StringComparison.Ordinal) || key.StartsWith("inference.", StringComparison.Ordinal) || key == "data.file")
            {
                continue;
            }

            if (key != "training.epochs")
            {
                throw Differs(folder, key, now, was);
            }

            if (wanted.Training.Epochs < own.Training.Epochs)
            {
                throw new ConfigurationException($"training.epochs is {now} here and {was} in {folder.ConfigurationPath}: a run goes on for as many "
                    + "epochs or more");
            }

            if (own.Optimizer.Schedule != ScheduleSetting.Constant)
            {
                throw new ConfigurationException(
                    $"training.epochs is {now} here and {was} in {folder.ConfigurationPath}: under optimizer.schedule cosine every learning rate depends on "
                    + $"it; leave it out, or start a new run");
            }
        }

        return wanted;
    }

    /// <summary>The environment of this process.</summary>
    public static RunEnvironment EnvironmentOf(Device device, ulong seed)
    {
        var cpu = device as CpuDevice;
        return RunEnvironment.Detect(device.Name, (int)(cpu?.Width ?? 0), cpu?.Threads ?? 0, seed) with { Kernels = (device as GpuDevice)?.Variants };
    }

    /// <summary>
    /// Equal bits are promised for equal widths of a CPU's registers, and for one and the same device of another kind, which has no such width, with the same
    /// variants of kernels.
    /// </summary>
    public static bool AreSameBits(RunEnvironment begun, RunEnvironment now) =>
        begun.SimdWidth == now.SimdWidth && (now.SimdWidth != 0 || (begun.Device == now.Device && begun.Kernels == now.Kernels));

    /// <exception cref="RunFolderException">The run was begun on what computes other bits, and those are not allowed.</exception>
    public static void RequireSameBits(RunFolder folder, RunEnvironment begun, RunEnvironment now, bool allowDifferentBits)
    {
        if (!AreSameBits(begun, now) && !allowDifferentBits)
        {
            var difference = begun.SimdWidth != 0 && now.SimdWidth != 0
                ? $"with SIMD registers of {begun.SimdWidth} bits and this device has {now.SimdWidth}"
                : begun.Device != now.Device ? $"on {begun.Device} and this device is {now.Device}"
                : $"with {KernelsOf(begun)} and this device takes {KernelsOf(now)}";
            throw new RunFolderException(
                $"{folder.EnvironmentPath}: the run was begun {difference}: results would differ in their last bits; --allow-different-bits accepts that");
        }
    }

    private static string KernelsOf(RunEnvironment environment) => environment.Kernels is { } kernels ? $"the kernels {kernels}" : "the default kernels";

    /// <summary>The checkpoint is of these data, and its best was chosen by what is measured now.</summary>
    public static void RequireSame(RunFolder folder, CheckpointState state, string fingerprint, string metric)
    {
        if (state.DataFingerprint != fingerprint)
        {
            throw new RunFolderException($"{folder.FolderPath}: the data are not those that the run was begun with (their fingerprint has changed); start a "
                + "new run, or give back the old data");
        }

        if (state.Best is { } best && best.Metric != metric)
        {
            throw new ConfigurationException($"evaluation.ndcg: the best checkpoint so far was chosen by {best.Metric}, now it would be by {metric}; keep 10 "
                + "among the cut-offs as it was");
        }
    }

    private static ConfigurationException Differs(RunFolder folder, string key, string now, string was) =>
        new($"{key} is {now} here and {was} in {folder.ConfigurationPath}: a run goes on with its own; leave it out, or start a new run");
}
