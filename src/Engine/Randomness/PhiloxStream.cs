using System.Diagnostics.CodeAnalysis;

namespace LargeRec.Engine.Randomness;

/// <summary>
/// A sequence of draws from <see cref="Philox"/>: words of the blocks 0, 1, 2, ... of one (seed, forward count, site) in order.
/// For initialisers and generators, which draw one after another; parallel kernels index <see cref="Philox.Block"/> by element instead.
/// Not safe to share between threads.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "A random stream is what the field calls it; it has nothing to do with System.IO.")]
public sealed class PhiloxStream
{
    private const int TruncationTries = 4;
    private const double TruncationBound = 2.0;

    private readonly ulong _seed;
    private readonly uint _site;
    private readonly uint _forwardCount;
    private ulong _nextBlock;
    private (uint X, uint Y, uint Z, uint W) _block;
    private int _used = 4;
    private double _spareNormal;
    private bool _hasSpareNormal;

    /// <summary>The stream of a seed at a numbered site.</summary>
    /// <param name="firstBlock">The block that it begins with.</param>
    public PhiloxStream(ulong seed, uint site, uint forwardCount = 0, ulong firstBlock = 0)
    {
        _nextBlock = firstBlock;
        _seed = seed;
        _site = site;
        _forwardCount = forwardCount;
    }

    /// <summary>The stream of a seed at a named site, e.g. a parameter path.</summary>
    /// <param name="firstBlock">The block that it begins with.</param>
    public PhiloxStream(ulong seed, string site, uint forwardCount = 0, ulong firstBlock = 0)
        : this(seed, StableHash.Of(site), forwardCount, firstBlock)
    {
    }

    /// <summary>32 random bits.</summary>
    public uint NextUInt32()
    {
        if (_used == 4)
        {
            _block = Philox.Block(_seed, _nextBlock++, _forwardCount, _site);
            _used = 0;
        }

        return _used++ switch
        {
            0 => _block.X,
            1 => _block.Y,
            2 => _block.Z,
            _ => _block.W,
        };
    }

    /// <summary>64 random bits: the low word is drawn first.</summary>
    public ulong NextUInt64()
    {
        var low = NextUInt32();
        return low | ((ulong)NextUInt32() << 32);
    }

    /// <summary>A float in [0, 1) from 24 bits.</summary>
    public float NextSingle() => Philox.ToUnitSingle(NextUInt32());

    /// <summary>A double in [0, 1) from 53 bits.</summary>
    public double NextDouble() => Philox.ToUnitDouble(NextUInt64());

    /// <summary>
    /// An integer in [0, <paramref name="bound"/>), every one equally likely: Lemire, "Fast random integer generation in an
    /// interval" (2019), which draws again in the rare case that would favour some values.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is below 1.</exception>
    public int NextBelow(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var range = (uint)bound;
        var product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            var threshold = unchecked(0u - range) % range;
            while ((uint)product < threshold)
            {
                product = (ulong)NextUInt32() * range;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>
    /// A draw of N(0, 1) by Box and Muller (1958) in double: sqrt(-2 ln(1-u)) cos(2 pi v), the sine being the next draw.
    /// </summary>
    public double NextNormal()
    {
        if (_hasSpareNormal)
        {
            _hasSpareNormal = false;
            return _spareNormal;
        }

        var radius = Math.Sqrt(-2.0 * Math.Log(1.0 - NextDouble()));
        var (sine, cosine) = Math.SinCos(2.0 * Math.PI * NextDouble());
        _spareNormal = radius * sine;
        _hasSpareNormal = true;
        return radius * cosine;
    }

    /// <summary>
    /// The truncated normal of Meta's <c>truncated_normal</c> (modeling/initialization.py): of four draws of N(0, 1) the first in (-2, 2),
    /// the first of all if none is. Multiply by the named standard deviation; the realised one is 0.880 times it.
    /// </summary>
    /// <remarks>Draws after the accepted one would be thrown away, so they are not made; the distribution is the same.</remarks>
    public double NextTruncatedNormal()
    {
        var first = NextNormal();
        var draw = first;
        for (var tries = 1; tries < TruncationTries && !IsInside(draw); tries++)
        {
            draw = NextNormal();
        }

        return IsInside(draw) ? draw : first;
    }

    private static bool IsInside(double draw) => draw > -TruncationBound && draw < TruncationBound;
}
