using System.Buffers.Text;
using System.Text;

namespace LargeRec.Data.Events;

/// <summary>
/// Writes a log as CSV (RFC 4180, LF) that <see cref="DelimitedLogReader"/> reads back: <c>user,item</c>, then those of <c>timestamp</c>
/// (milliseconds), <c>rating</c>, <c>behaviour</c>, <c>title</c> and the side attributes (<c>user_NAME</c>, <c>item_NAME</c>) that the log has.
/// </summary>
public static class EventLogWriter
{
    public static void WriteCsv(EventLog log, string path)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        WriteCsv(log, stream);
    }

    /// <summary>Writes to the stream and leaves it open.</summary>
    public static void WriteCsv(EventLog log, Stream stream)
    {
        // Texts of items, users and behaviours are quoted once, not once an event.
        var userIds = Quoted(log.UserIds.Count, log.UserIds.GetText);
        var itemIds = Quoted(log.Catalogue.TableRows, item => item == 0 ? "" : log.Catalogue.GetId(item));
        var behaviours = Quoted(log.BehaviourNames.Count, code => log.BehaviourNames[code]);
        var titles = Quoted(log.Catalogue.TableRows, item => log.Catalogue.GetTitle(item) ?? "");
        var hasTitles = titles.Any(title => title.Length > 0);
        var ofUser = log.UserInformation.Select(a => Quoted(log.UserIds.Count, user => a[user])).ToArray();
        var ofItem = log.ItemInformation.Select(a => Quoted(log.Catalogue.TableRows, item => item == 0 ? "" : a[item])).ToArray();

        var row = new GrowableColumn<byte>(1 << 10);
        row.AddRange(Encoding.UTF8.GetBytes(Header(log, hasTitles)));
        for (var i = 0; i < log.Count; i++)
        {
            var (user, item) = (log.Users[i], log.Items[i]);
            row.AddRange(userIds[user]);
            AddField(row, itemIds[item]);
            if (log.HasTimes)
            {
                AddNumber(row, log.Times[i]);
            }

            if (log.HasRatings)
            {
                AddNumber(row, log.Ratings[i]);
            }

            if (log.HasBehaviours)
            {
                AddField(row, behaviours[log.Behaviours[i]]);
            }

            if (hasTitles)
            {
                AddField(row, titles[item]);
            }

            foreach (var values in ofUser)
            {
                AddField(row, values[user]);
            }

            foreach (var values in ofItem)
            {
                AddField(row, values[item]);
            }

            row.Add((byte)'\n');
            if (row.Count >= 1 << 15)
            {
                stream.Write(row.Span);
                row.Clear();
            }
        }

        stream.Write(row.Span);
    }

    private static string Header(EventLog log, bool hasTitles)
    {
        var names = new List<string> { "user", "item" };
        names.AddRange(log.HasTimes ? ["timestamp"] : []);
        names.AddRange(log.HasRatings ? ["rating"] : []);
        names.AddRange(log.HasBehaviours ? ["behaviour"] : []);
        names.AddRange(hasTitles ? ["title"] : []);
        names.AddRange(log.UserInformation.Select(a => $"user_{a.Name}"));
        names.AddRange(log.ItemInformation.Select(a => $"item_{a.Name}"));
        return string.Join(',', names) + "\n";
    }

    private static byte[][] Quoted(int count, Func<int, string> text)
    {
        var quoted = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            var plain = text(i);
            quoted[i] = Encoding.UTF8.GetBytes(plain.AsSpan().IndexOfAny("\",\r\n") < 0 ? plain
                : $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        }

        return quoted;
    }

    private static void AddField(GrowableColumn<byte> row, byte[] text)
    {
        row.Add((byte)',');
        row.AddRange(text);
    }

    private static void AddNumber(GrowableColumn<byte> row, long value)
    {
        Span<byte> digits = stackalloc byte[32];
        Utf8Formatter.TryFormat(value, digits, out var length);
        row.Add((byte)',');
        row.AddRange(digits[..length]);
    }

    private static void AddNumber(GrowableColumn<byte> row, float value)
    {
        Span<byte> digits = stackalloc byte[64];
        value.TryFormat(digits, out var length, default, System.Globalization.CultureInfo.InvariantCulture);
        row.Add((byte)',');
        row.AddRange(digits[..length]);
    }
}
