using System.Text;
using LargeRec.Data.Events;

namespace LargeRec.Data.Storage;

/// <summary>Texts side by side in one buffer of UTF-8: text k ends before Ends[k]. An empty one stands for none.</summary>
internal sealed class PackedTexts
{
    private readonly byte[] _text;
    private readonly int[] _ends;

    /// <param name="text">Copied.</param>
    /// <param name="ends">Copied; never decreasing, the last one the text's length.</param>
    public PackedTexts(ReadOnlySpan<byte> text, ReadOnlySpan<int> ends) => (_text, _ends) = (text.ToArray(), ends.ToArray());

    public PackedTexts(ReadOnlySpan<string?> texts)
    {
        var packed = new GrowableColumn<byte>();
        _ends = new int[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            packed.AddRange(Encoding.UTF8.GetBytes(texts[i] ?? ""));
            _ends[i] = packed.Count;
        }

        _text = packed.Span.ToArray();
    }

    public int Count => _ends.Length;

    public Column<byte> Text => new(_text);

    public Column<int> Ends => new(_ends);

    /// <summary>A text, or null where it is empty or beyond the last.</summary>
    public string? this[int index]
    {
        get
        {
            if ((uint)index >= (uint)_ends.Length)
            {
                return null;
            }

            var from = index == 0 ? 0 : _ends[index - 1];
            return _ends[index] == from ? null : Encoding.UTF8.GetString(_text.AsSpan(from.._ends[index]));
        }
    }
}
