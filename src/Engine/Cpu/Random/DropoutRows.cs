using System.Runtime.CompilerServices;
using LargeRec.Engine.Cpu.Simd;
using LargeRec.Engine.Operations;

namespace LargeRec.Engine.Cpu.Random;

/// <summary>The dropout mask of a matrix, drawn row by row into a worker's own scratch memory (see <see cref="DropoutSite"/> for the layout).</summary>
internal readonly unsafe struct DropoutRows
{
    private readonly DropoutSite _site;
    private readonly int _groups;
    private readonly int _wordsPerWorker;
    private readonly uint* _words;

    /// <param name="site">Where and when.</param>
    /// <param name="columns">Values of a row of the mask.</param>
    /// <param name="scratch"><see cref="ScratchValues"/> values.</param>
    public DropoutRows(DropoutSite site, int columns, float* scratch)
    {
        _site = site;
        _groups = GroupsOf(columns);
        _wordsPerWorker = WordsOf(columns);
        _words = (uint*)scratch;
        IsActive = site.IsActive;
        Threshold = site.Threshold;
        Scale = site.IsActive ? site.Scale : 1f;
    }

    /// <summary>Whether anything is dropped.</summary>
    public bool IsActive { get; }

    /// <summary>A value is kept if its word is at least this.</summary>
    public uint Threshold { get; }

    /// <summary>What a kept value is multiplied by.</summary>
    public float Scale { get; }

    /// <summary>Scratch values that the workers need together.</summary>
    public static long ScratchValues(DropoutSite site, int columns, int workers) => site.IsActive ? (long)WordsOf(columns) * workers : 0;

    /// <summary>Draws the words of a row; a vector may be loaded from any of its columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint* Draw<TVector>(int row, int worker)
        where TVector : unmanaged, IFloatVector<TVector>
    {
        var words = _words + ((long)worker * _wordsPerWorker);
        if (IsActive)
        {
            var start = (ulong)row * (uint)_groups * PhiloxVector.GroupBlocks;
            for (var group = 0; group < _groups; group++)
            {
                PhiloxVector.DrawGroup<TVector>(
                    _site.Seed, start + ((ulong)group * PhiloxVector.GroupBlocks), _site.ForwardCount, _site.Site, words + (group * PhiloxVector.GroupWords));
            }
        }

        return words;
    }

    /// <summary>The values that the mask keeps, scaled; the others 0, NaN too. Without dropout the values themselves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector>(TVector value, uint* words)
        where TVector : unmanaged, IFloatVector<TVector> =>
        IsActive ? TVector.And(value * TVector.Broadcast(Scale), TVector.MaskAtLeast(words, Threshold)) : value;

    private static int GroupsOf(int columns) => (columns + PhiloxVector.GroupWords - 1) / PhiloxVector.GroupWords;

    /// <summary>One group more than there is to draw: a vector loaded from the last column stays within.</summary>
    private static int WordsOf(int columns) => (GroupsOf(columns) + 1) * PhiloxVector.GroupWords;
}
