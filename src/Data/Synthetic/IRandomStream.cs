using System.Diagnostics.CodeAnalysis;

namespace LargeRec.Data.Synthetic;

/// <summary>A stream of random bits that the caller provides (counter-based and seeded, so that the same seed gives the same data).</summary>
[SuppressMessage("Naming", "CA1711", Justification = "A random stream is the field's word; it is no System.IO.Stream.")]
public interface IRandomStream
{
    /// <summary>The next 32 uniform bits.</summary>
    uint NextUInt32();
}
