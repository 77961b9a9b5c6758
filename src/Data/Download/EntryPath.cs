using System.Text;

namespace LargeRec.Data.Download;

/// <summary>Names of archive entries, held to what every system can have as a file below a folder.</summary>
internal static class EntryPath
{
    private const int LongestName = 255;
    private const int LongestPath = 1024;
    private const string NotAllowed = ":*?\"<>|";

    private static readonly string[] DeviceNames =
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. from name in new[] { "COM", "LPT" } from digit in "0123456789¹²³" select $"{name}{digit}"];

    /// <summary>The name in parts, or null and the reason why it is refused. <c>.</c> is dropped, a backslash separates as a slash does.</summary>
    public static string[]? Parse(string name, out string reason)
    {
        reason = "";
        var text = name.Replace('\\', '/');
        if (text.StartsWith('/'))
        {
            reason = "is an absolute path";
            return null;
        }

        var parts = text.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToArray();
        if (Encoding.UTF8.GetByteCount(text) > LongestPath)
        {
            reason = $"is longer than {LongestPath} bytes";
            return null;
        }

        foreach (var part in parts)
        {
            if (ReasonAgainst(part) is { } against)
            {
                reason = against;
                return null;
            }
        }

        return parts;
    }

    /// <summary>What some systems put into archives for themselves and no other needs.</summary>
    public static bool IsClutter(string[] parts) =>
        parts.Length > 0 && (parts[0] == "__MACOSX" || parts[^1] is ".DS_Store" or "Thumbs.db" || parts[^1].StartsWith("._", StringComparison.Ordinal));

    private static string? ReasonAgainst(string part)
    {
        if (part == "..")
        {
            return "leaves its folder";
        }

        if (part.Any(c => char.IsControl(c) || NotAllowed.Contains(c, StringComparison.Ordinal)))
        {
            return part is [_, ':', ..] ? "names a drive" : "has characters that file names cannot have everywhere";
        }

        if (part.EndsWith('.') || part.EndsWith(' '))
        {
            return "ends with a dot or a space";
        }

        if (Encoding.UTF8.GetByteCount(part) > LongestName)
        {
            return $"has a part of more than {LongestName} bytes";
        }

        return DeviceNames.Contains(part.Split('.')[0].TrimEnd(), StringComparer.OrdinalIgnoreCase) ? "is a device's name on Windows" : null;
    }
}
