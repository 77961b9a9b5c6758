using System.Globalization;
using LargeRec.Models.Backbones;

namespace LargeRec.Bench.Paired;

/// <summary>The model and the batch of a job: published settings on made-up sequences, all of full length.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Title">In words.</param>
/// <param name="Options">Of the model.</param>
/// <param name="Negatives">Draws a token.</param>
/// <param name="Sequences">Of a batch.</param>
internal sealed record JobSetting(string Name, string Title, HstuOptions Options, int Negatives, int Sequences = 128)
{
    public static IReadOnlyList<JobSetting> All { get; } =
    [
        new("ml-1m", "ML-1M, 2 blocks, D 50", new HstuOptions { ItemRows = 3953 }, 128),
        new("ml-1m-large", "ML-1M, 8 blocks, D 50", new HstuOptions { ItemRows = 3953, Layers = 8, Heads = 2, Dqk = 25, Dv = 25 }, 128),
        new("ml-20m", "ML-20M, 4 blocks, D 256", new HstuOptions { ItemRows = 26_745, Layers = 4, Width = 256, Heads = 4, Dqk = 64, Dv = 64 }, 128),
        new("books", "Books, 4 blocks, D 64, 700,000 items, 512 negatives",
        new HstuOptions { ItemRows = 700_001, MaxLength = 50, Layers = 4, Width = 64, Heads = 4, Dqk = 16, Dv = 16, Dropout = 0.5f }, 512),
    ];

    public static string Names => string.Join(", ", All.Select(s => s.Name));

    /// <summary>The lengths of a batch's sequences.</summary>
    public int[] Lengths => [.. Enumerable.Repeat(Options.MaxLength, Sequences)];

    /// <summary>The same for a peer.</summary>
    public IEnumerable<string> PeerArguments() =>
    [
        "--blocks", Text(Options.Layers), "--heads", Text(Options.Heads), "--width", Text(Options.Width), "--length", Text(Options.MaxLength),
        "--items", Text(Options.ItemRows - 1), "--negatives", Text(Negatives), "--batch", Text(Sequences), "--dropout",
        Options.Dropout.ToString(CultureInfo.InvariantCulture),
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
