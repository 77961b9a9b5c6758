using System.Globalization;
using System.Text;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>What a launch has executed.</summary>
public sealed record LaunchReport
{
    /// <summary>Instructions that threads executed, by opcode.</summary>
    public required IReadOnlyDictionary<string, long> ThreadInstructions { get; init; }

    /// <summary>Instructions that warps issued, by opcode.</summary>
    public required IReadOnlyDictionary<string, long> WarpInstructions { get; init; }

    /// <summary>Accesses of a warp to global memory that read, and the distinct sectors of 32 bytes that they touch.</summary>
    public required long GlobalLoads { get; init; }

    public required long GlobalLoadSectors { get; init; }

    /// <summary>Accesses of a warp that write global memory, atomics among them, and their sectors.</summary>
    public required long GlobalStores { get; init; }

    public required long GlobalStoreSectors { get; init; }

    /// <summary>Accesses of a warp to shared memory, and the passes over the banks that they take: as many as accesses where no banks conflict.</summary>
    public required long SharedAccesses { get; init; }

    public required long SharedPasses { get; init; }

    /// <summary>Accesses of a warp to local memory.</summary>
    public required long LocalAccesses { get; init; }

    public long TotalThreadInstructions => ThreadInstructions.Values.Sum();

    public long TotalWarpInstructions => WarpInstructions.Values.Sum();

    /// <summary>Threads' instructions whose opcode starts with <paramref name="prefix"/>.</summary>
    public long Count(string prefix) => ThreadInstructions.Where(i => i.Key.StartsWith(prefix, StringComparison.Ordinal)).Sum(i => i.Value);

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (opcode, count) in ThreadInstructions.OrderByDescending(i => i.Value).ThenBy(i => i.Key, StringComparer.Ordinal))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{count,14:N0} {opcode}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"global loads {GlobalLoads:N0} ({GlobalLoadSectors:N0} sectors), stores {GlobalStores:N0} "
            + $"({GlobalStoreSectors:N0} sectors)");
        text.AppendLine(CultureInfo.InvariantCulture, $"shared {SharedAccesses:N0} ({SharedPasses:N0} passes), local {LocalAccesses:N0}");
        return text.ToString();
    }
}
