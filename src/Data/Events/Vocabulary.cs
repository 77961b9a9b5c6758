using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using LargeRec.Data.Storage;

namespace LargeRec.Data.Events;

/// <summary>
/// Raw ids (opaque UTF-8 text of any length) to dense 32-bit indices in the order of first appearance, and back.
/// The text of all ids lies in one buffer; looking up or adding an id allocates nothing per id. Any number of threads may look ids up while none adds.
/// </summary>
public sealed class Vocabulary
{
    private const int Vacant = -1;

    private readonly GrowableColumn<byte> _text;
    private readonly GrowableColumn<int> _ends;
    private readonly GrowableColumn<uint> _hashes = new();
    private readonly Lock _gate = new();
    private int[]? _slots;

    public Vocabulary() => (_text, _ends, _slots) = (new(), new(), NewSlots(64));

    /// <summary>Ids that are known to differ: id k ends before ends[k] in the text. Both are copied; what looking up needs is made when it is first
    /// needed.</summary>
    internal Vocabulary(ReadOnlySpan<byte> text, ReadOnlySpan<int> ends)
    {
        (_text, _ends) = (new(text.Length), new(ends.Length));
        _text.AddRange(text);
        _ends.AddRange(ends);
    }

    /// <summary>Number of ids; they have the indices 0 .. Count - 1.</summary>
    public int Count => _ends.Count;

    /// <summary>The texts of all ids.</summary>
    internal Column<byte> Text => Column<byte>.Of(_text);

    /// <summary>Where each id's text ends.</summary>
    internal Column<int> Ends => Column<int>.Of(_ends);

    private int[] Slots => Volatile.Read(ref _slots) ?? MakeSlots();

    /// <summary>The UTF-8 text of the id with this index.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var from = index == 0 ? 0 : _ends.Span[index - 1];
            return _text.Span[from.._ends.Span[index]];
        }
    }

    public string GetText(int index) => Encoding.UTF8.GetString(this[index]);

    /// <summary>The index of this id, or -1 if it was never added.</summary>
    public int Find(ReadOnlySpan<byte> id)
    {
        var slots = Slots;
        return slots[Probe(slots, id, Hash(id))];
    }

    /// <summary>The index of this id, or -1 if it was never added.</summary>
    public int Find(string id) => Find(Encoding.UTF8.GetBytes(id));

    /// <summary>The index of this id, which is given the next free one if it is new.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> id)
    {
        var slots = Slots;
        var hash = Hash(id);
        var slot = Probe(slots, id, hash);
        if (slots[slot] != Vacant)
        {
            return slots[slot];
        }

        var index = Count;
        _text.AddRange(id);
        _ends.Add(_text.Count);
        _hashes.Add(hash);
        slots[slot] = index;
        if (2L * Count > slots.Length)
        {
            _slots = Rehash(checked(2 * slots.Length));
        }

        return index;
    }

    /// <summary>The index of this id, which is given the next free one if it is new.</summary>
    public int GetOrAdd(string id) => GetOrAdd(Encoding.UTF8.GetBytes(id));

    private int Probe(int[] slots, ReadOnlySpan<byte> id, uint hash)
    {
        var mask = slots.Length - 1;
        var slot = (int)hash & mask;
        while (slots[slot] != Vacant && (_hashes.Span[slots[slot]] != hash || !this[slots[slot]].SequenceEqual(id)))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private int[] MakeSlots()
    {
        lock (_gate)
        {
            if (_slots is null)
            {
                for (var index = 0; index < Count; index++)
                {
                    _hashes.Add(Hash(this[index]));
                }

                // Published last: whoever sees the slots sees the hashes.
                Volatile.Write(ref _slots, Rehash((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, 2 * Count))));
            }

            return _slots;
        }
    }

    private int[] Rehash(int length)
    {
        var slots = NewSlots(length);
        var mask = length - 1;
        for (var index = 0; index < Count; index++)
        {
            var slot = (int)_hashes.Span[index] & mask;
            while (slots[slot] != Vacant)
            {
                slot = (slot + 1) & mask;
            }

            slots[slot] = index;
        }

        return slots;
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
