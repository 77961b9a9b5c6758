using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace LargeRec.Data.Events;

/// <summary>One column of a row group of a Parquet file, whose values are given as UTF-8 text.</summary>
internal abstract class ParquetColumn
{
    /// <summary>The text of a row's value, empty where it is missing; valid until the next call.</summary>
    public abstract ReadOnlySpan<byte> GetText(int row);

    /// <summary>Reads the column; null where its type has no text here.</summary>
    public static ParquetColumn? Load(ParquetRowGroupReader group, DataField field, int rows)
    {
        var type = field.ClrType;
        return type == typeof(string) || type == typeof(ReadOnlyMemory<char>) ? LoadTexts(group, field, rows)
            : type == typeof(byte[]) || type == typeof(ReadOnlyMemory<byte>) ? LoadBytes(group, field, rows)
            : type == typeof(long) ? Values<long>.Of(group, field, rows)
            : type == typeof(int) ? Values<int>.Of(group, field, rows)
            : type == typeof(double) ? Values<double>.Of(group, field, rows)
            : type == typeof(float) ? Values<float>.Of(group, field, rows)
            : type == typeof(ulong) ? Values<ulong>.Of(group, field, rows)
            : type == typeof(uint) ? Values<uint>.Of(group, field, rows)
            : type == typeof(short) ? Values<short>.Of(group, field, rows)
            : type == typeof(ushort) ? Values<ushort>.Of(group, field, rows)
            : type == typeof(sbyte) ? Values<sbyte>.Of(group, field, rows)
            : type == typeof(byte) ? Values<byte>.Of(group, field, rows)
            : type == typeof(decimal) ? Values<decimal>.Of(group, field, rows)
            : type == typeof(DateTime) ? Values<DateTime>.Of(group, field, rows)
            : type == typeof(DateOnly) ? Values<DateOnly>.Of(group, field, rows)
            : type == typeof(Guid) ? Values<Guid>.Of(group, field, rows)
            : type == typeof(bool) ? LoadFlags(group, field, rows)
            : null;
    }

    private static Texts LoadTexts(ParquetRowGroupReader group, DataField field, int rows)
    {
        var texts = new string?[rows];
        Wait(group.ReadAsync(field, texts.AsMemory()));
        return new Texts(row => texts[row] is { } text ? Encoding.UTF8.GetBytes(text) : []);
    }

    private static Texts LoadBytes(ParquetRowGroupReader group, DataField field, int rows)
    {
        var texts = new byte[]?[rows];
        Wait(group.ReadAsync(field, texts.AsMemory()));
        return new Texts(row => texts[row] ?? []);
    }

    private static Texts LoadFlags(ParquetRowGroupReader group, DataField field, int rows)
    {
        var flags = new bool?[rows];
        ReadInto(group, field, flags);
        return new Texts(row => flags[row] switch { null => [], true => "true"u8.ToArray(), false => "false"u8.ToArray() });
    }

    private static void ReadInto<T>(ParquetRowGroupReader group, DataField field, T?[] values)
        where T : struct
    {
        if (field.IsNullable)
        {
            Wait(group.ReadAsync(field, values.AsMemory()));
            return;
        }

        var present = new T[values.Length];
        Wait(group.ReadAsync(field, present.AsMemory()));
        for (var row = 0; row < present.Length; row++)
        {
            values[row] = present[row];
        }
    }

    private static void Wait(ValueTask reading) => reading.AsTask().GetAwaiter().GetResult();

    private sealed class Texts(Func<int, byte[]> text) : ParquetColumn
    {
        public override ReadOnlySpan<byte> GetText(int row) => text(row);
    }

    private sealed class Values<T>(T?[] values) : ParquetColumn
        where T : struct, IUtf8SpanFormattable
    {
        private readonly byte[] _text = new byte[64];

        // Dates and times by their sortable forms, which are ISO 8601 for what IsoTime reads.
        private readonly string? _format = typeof(T) == typeof(DateTime) ? "yyyy-MM-ddTHH:mm:ss.fff" : typeof(T) == typeof(DateOnly) ? "yyyy-MM-dd" : null;

        public static Values<T> Of(ParquetRowGroupReader group, DataField field, int rows)
        {
            var values = new T?[rows];
            ReadInto(group, field, values);
            return new Values<T>(values);
        }

        public override ReadOnlySpan<byte> GetText(int row)
            => values[row] is { } value && value.TryFormat(_text, out var length, _format, CultureInfo.InvariantCulture) ? _text.AsSpan(0, length) : [];
    }
}
