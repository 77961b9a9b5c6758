using System.Globalization;

namespace LargeRec.Data.Download;

/// <summary>Bytes as people read them.</summary>
public static class ByteSize
{
    private static readonly string[] Units = ["kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>In decimal units with three digits or so: <c>999 bytes</c>, <c>4.92 MB</c>, <c>46.0 GB</c>.</summary>
    public static string Text(long bytes)
    {
        if (bytes < 1000)
        {
            return bytes == 1 ? "1 byte" : string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes");
        }

        var value = bytes / 1000.0;
        var unit = 0;
        while (value >= 999.5 && unit + 1 < Units.Length)
        {
            value /= 1000;
            unit++;
        }

        var digits = value < 9.995 ? "F2" : value < 99.95 ? "F1" : "F0";
        return $"{value.ToString(digits, CultureInfo.InvariantCulture)} {Units[unit]}";
    }
}
