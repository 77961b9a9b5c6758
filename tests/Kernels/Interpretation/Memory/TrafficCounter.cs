namespace LargeRec.Kernels.Tests.Interpretation.Memory;

/// <summary>
/// Counts what one instruction of a warp asks of the memory: distinct sectors of 32 bytes of global memory; passes over the 32 banks of shared
/// memory (1 where no two words of a bank differ; an access of 8 or 16 bytes goes by half or quarter warps).
/// </summary>
internal sealed class TrafficCounter
{
    private const int Banks = 32;
    private readonly ulong[] sectors = new ulong[128];
    private readonly ulong[] words = new ulong[Banks * Banks];
    private readonly int[] wordsOfBank = new int[Banks];
    private int sectorCount;
    private int passes;
    private int phase = -1;

    public void Begin()
    {
        sectorCount = 0;
        passes = 0;
        phase = -1;
    }

    public int Sectors => sectorCount;

    public int Passes => passes + (phase >= 0 ? Worst() : 0);

    public void AddGlobal(ulong address, int size)
    {
        for (var sector = address >> 5; sector <= (address + (ulong)size - 1) >> 5; sector++)
        {
            if ((sectorCount == 0 || sectors[sectorCount - 1] != sector) && sectors.AsSpan(0, sectorCount).IndexOf(sector) < 0)
            {
                sectors[sectorCount++] = sector;
            }
        }
    }

    public void AddShared(ulong address, int size, int lane)
    {
        var lanesOfPhase = size <= 4 ? 32 : 128 / size;
        if (lane / lanesOfPhase != phase)
        {
            passes += phase >= 0 ? Worst() : 0;
            phase = lane / lanesOfPhase;
            wordsOfBank.AsSpan().Clear();
        }

        for (var word = address >> 2; word <= (address + (ulong)size - 1) >> 2; word++)
        {
            var bank = (int)(word & (Banks - 1));
            ref var count = ref wordsOfBank[bank];
            if (words.AsSpan(bank * Banks, count).IndexOf(word) < 0)
            {
                words[(bank * Banks) + count++] = word;
            }
        }
    }

    private int Worst()
    {
        var worst = 0;
        foreach (var count in wordsOfBank)
        {
            worst = Math.Max(worst, count);
        }

        return worst;
    }
}
