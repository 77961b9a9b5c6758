using System.Runtime.InteropServices;
using System.Text;

namespace LargeRec.Data.Events;

/// <summary>
/// Raw ids (opaque UTF-8 text of any length) to dense 32-bit indices in the order of first appearance, and back.
/// The text of all ids lies in one buffer; looking up or adding an id allocates nothing per id.
/// </summary>
public sealed class Vocabulary
{
    private const int Vacant = -1;

    private readonly GrowableColumn<byte> text = new();
    private readonly GrowableColumn<int> ends = new();
    private readonly GrowableColumn<uint> hashes = new();
    private int[] slots;

    public Vocabulary() => slots = NewSlots(64);

    /// <summary>Number of ids; they have the indices 0 .. Count - 1.</summary>
    public int Count => ends.Count;

    /// <summary>The UTF-8 text of the id with this index.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var from = index == 0 ? 0 : ends.Span[index - 1];
            return text.Span[from..ends.Span[index]];
        }
    }

    public string GetText(int index) => Encoding.UTF8.GetString(this[index]);

    /// <summary>The index of this id, or -1 if it was never added.</summary>
    public int Find(ReadOnlySpan<byte> id) => slots[Probe(id, Hash(id))];

    /// <summary>The index of this id, or -1 if it was never added.</summary>
    public int Find(string id) => Find(Encoding.UTF8.GetBytes(id));

    /// <summary>The index of this id, which is given the next free one if it is new.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> id)
    {
        var hash = Hash(id);
        var slot = Probe(id, hash);
        if (slots[slot] != Vacant)
        {
            return slots[slot];
        }

        var index = Count;
        text.AddRange(id);
        ends.Add(text.Count);
        hashes.Add(hash);
        slots[slot] = index;
        if (2L * Count > slots.Length)
        {
            Rehash();
        }

        return index;
    }

    /// <summary>The index of this id, which is given the next free one if it is new.</summary>
    public int GetOrAdd(string id) => GetOrAdd(Encoding.UTF8.GetBytes(id));

    private int Probe(ReadOnlySpan<byte> id, uint hash)
    {
        var mask = slots.Length - 1;
        var slot = (int)hash & mask;
        while (slots[slot] != Vacant && (hashes.Span[slots[slot]] != hash || !this[slots[slot]].SequenceEqual(id)))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Rehash()
    {
        slots = NewSlots(checked(2 * slots.Length));
        var mask = slots.Length - 1;
        for (var index = 0; index < Count; index++)
        {
            var slot = (int)hashes.Span[index] & mask;
            while (slots[slot] != Vacant)
            {
                slot = (slot + 1) & mask;
            }

            slots[slot] = index;
        }
    }

    private static int[] NewSlots(int count)
    {
        var slots = new int[count];
        Array.Fill(slots, Vacant);
        return slots;
    }

    // Eight bytes at a time, then the multiply-and-fold of splitmix64: indices never depend on it, only the speed does.
    private static uint Hash(ReadOnlySpan<byte> id)
    {
        var hash = 0x9E3779B97F4A7C15UL ^ (ulong)id.Length;
        while (id.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(id));
            id = id[sizeof(ulong)..];
        }

        ulong rest = 0;
        foreach (var b in id)
        {
            rest = (rest << 8) | b;
        }

        return (uint)(Mix(hash ^ rest) >> 32);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
