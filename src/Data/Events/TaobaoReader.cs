using System.Globalization;
using System.Text;
using LargeRec.Data.Sources;

namespace LargeRec.Data.Events;

/// <summary>
/// Reads Taobao's UserBehavior: user, item, category, behaviour (pv, cart, fav, buy) and seconds, without a header. The publisher says that all events are
/// of nine days, and a few are not: those rows are left out by this rule, and so is a last line that is cut; both are said in the notes.
/// </summary>
public static class TaobaoReader
{
    // 2017-11-25 00:00:00 to 2017-12-03 23:59:59 in China (UTC+8).
    private const long FirstSecond = 1_511_539_200;
    private const long LastSecond = 1_512_316_799;

    private static readonly string[] Behaviours = ["pv", "cart", "fav", "buy"];

    /// <exception cref="DataFormatException">It is not what it should be: the message names the line, the reason and the remedy.</exception>
    public static EventLog Read(FileSource source, string file, string name, ReadingOptions? options = null)
    {
        var events = new EventRows(name, EventColumns.Times | EventColumns.Behaviours, options ?? new ReadingOptions());
        var categories = new SideInformationBuilder("category");
        long outside = 0, firstOutside = 0, cut = 0;
        using var table = source.OpenTable(source.Require(file), new DelimitedFormat(",", Quotes: false));
        events.ForEach(table, row =>
        {
            if (row.FieldCount < 5 && table.RowEndsWithFile)
            {
                cut = row.Line;
                return;
            }

            row.RequireFields(5);
            var seconds = row.GetInt64(4, "time");
            if (seconds is < FirstSecond or > LastSecond)
            {
                firstOutside = outside++ == 0 ? row.Line : firstOutside;
                return;
            }

            var category = row.GetId(2, "category");
            categories.Set(events.Add(row, 0, 1, 1000 * seconds, behaviour: ReadBehaviour(row)), category);
        });

        foreach (var behaviour in Behaviours)
        {
            events.Log.BehaviourNames.Add(behaviour);
        }

        if (outside > 0)
        {
            events.Log.Notes.Add(string.Create(
                CultureInfo.InvariantCulture, $"{outside} rows (first in line {firstOutside}) are left out: their times are not of the publisher's nine "
                + $"days, 2017-11-25 to 2017-12-03 in China"));
        }

        if (cut > 0)
        {
            events.Log.Notes.Add(string.Create(CultureInfo.InvariantCulture, $"the last line ({cut}) is cut and left out"));
        }

        events.Log.ItemInformation.Add(categories.Build(events.Items.Count + 1));
        return events.Build();
    }

    private static byte ReadBehaviour(TableReader row)
    {
        var name = row[3];
        for (var code = 0; code < Behaviours.Length; code++)
        {
            if (Ascii.Equals(name, Behaviours[code]))
            {
                return (byte)code;
            }
        }

        throw row.WrongType(3, "behaviour", "one of pv, cart, fav, buy");
    }
}
