using System.Globalization;
using LargeRec.Data.Sources;

namespace LargeRec.Data.Events;

/// <summary>
/// Reads Online Retail II: the publisher's workbook (two sheets, one a year), cleaned by rules that the notes state, or the prepared files, which were
/// cleaned by the same rules. An event is a product of an invoice; products of one invoice have one time, and so make a basket.
/// </summary>
public static class OnlineRetailReader
{
    internal const string Workbook = "online_retail_II.xlsx";
    internal const string PreparedEvents = "online-retail-ii-5core.csv";
    internal const string PreparedItems = "online-retail-ii-items.csv";

    private const string Name = "online-retail";
    private const int DigitsOfProduct = 5;

    /// <exception cref="DataFormatException">The workbook is not what it should be: the message names the sheet, the row, the reason and the
    /// remedy.</exception>
    public static EventLog ReadWorkbook(FileSource source, ReadingOptions options)
    {
        var file = source.Require(Workbook);
        using var table = new XlsxTableReader(TemporaryCopy.Seekable(source.Open(file), options.Cancellation), source.DisplayName(file));
        var cleaning = new Cleaning(options);
        do
        {
            cleaning.ReadSheet(table);
        }
        while (table.NextSheet());
        return cleaning.Finish();
    }

    /// <exception cref="DataFormatException">A file is not what it should be: the message names the line, the reason and the remedy.</exception>
    public static EventLog ReadPrepared(FileSource source, ReadingOptions options)
    {
        var events = new EventRows(Name, EventColumns.Times, options);
        using (var table = source.OpenTable(source.Require(PreparedEvents), DelimitedFormat.Comma, "user_id", "item_id", "timestamp", "quantity", "unit_price"))
        {
            events.ForEach(table, row =>
            {
                row.RequireFields(5);
                events.Add(row, 0, 1, PublishedTime.Seconds(row, 2));
            });
        }

        using (var table = source.OpenTable(source.Require(PreparedItems), DelimitedFormat.Comma, "item_id", "stock_code", "description"))
        {
            events.ForEach(table, row =>
            {
                row.RequireFields(3);
                var item = events.Items.Find(row.GetId(0, "item"));
                if (item >= 0)
                {
                    events.SetTitle(item + 1, row.GetText(2, "description"));
                }
            });
        }

        return events.Build();
    }

    /// <summary>The publisher's rows, sheet by sheet, and what was left out of them.</summary>
    private sealed class Cleaning(ReadingOptions options)
    {
        private readonly EventRows _events = new(Name, EventColumns.Times, options);
        private readonly SideInformationBuilder _countries = new("country");
        private readonly Vocabulary _invoices = new();
        private readonly HashSet<long> _lines = [];
        private readonly long[] _left = new long[Enum.GetValues<Rule>().Length];

        private enum Rule
        {
            Customer,
            Quantity,
            Price,
            Product,
            Sheet,
            Line,
        }

        public void ReadSheet(XlsxTableReader table)
        {
            var header = new TableHeader(table);
            var (invoice, product, description) = (header.Require("Invoice", "InvoiceNo"), header.Require("StockCode"), header.Require("Description"));
            var (quantity, price, date) = (header.Require("Quantity"), header.Require("Price", "UnitPrice"), header.Require("InvoiceDate"));
            var (customer, country) = (header.Require("Customer ID", "CustomerID"), header.Find("Country"));
            var earlierSheets = _invoices.Count;
            _events.ForEach(table, row =>
            {
                var broken = BrokenRule(row, customer, quantity, price, product);
                if (broken is null && _invoices.Find(row.GetId(invoice, "invoice")) is var known and >= 0 && known < earlierSheets)
                {
                    broken = Rule.Sheet;
                }

                if (broken is { } rule)
                {
                    _left[(int)rule]++;
                    return;
                }

                if (!IsoTime.TryParse(row[date], out var time))
                {
                    throw row.WrongType(date, "invoice date", "a date");
                }

                var basket = (long)_invoices.GetOrAdd(row.GetId(invoice, "invoice")) << 32;
                if (_lines.Contains(basket | (uint)(_events.Items.Find(row[product]) + 1)))
                {
                    _left[(int)Rule.Line]++;
                    return;
                }

                _lines.Add(basket | (uint)_events.Add(row, customer, product, time, titleField: description));
                if (country >= 0)
                {
                    _countries.Set(_events.Users.Find(row[customer]), row[country]);
                }
            });
        }

        public EventLog Finish()
        {
            _events.Log.Notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"left out by rule: {_left[(int)Rule.Customer]} lines without a customer, {_left[(int)Rule.Quantity]} with no positive quantity (cancelled), "
                + $"{_left[(int)Rule.Price]} with no positive price, {_left[(int)Rule.Product]} whose stock code is no product's (no {DigitsOfProduct} "
                + $"digits), {_left[(int)Rule.Sheet]} of invoices that an earlier sheet has, {_left[(int)Rule.Line]} that repeat a product of their invoice"));
            _events.Log.UserInformation.Add(_countries.Build(_events.Users.Count));
            return _events.Build();
        }

        private static Rule? BrokenRule(TableReader row, int customer, int quantity, int price, int product)
            => row[customer].IsEmpty ? Rule.Customer
                : row.GetSingle(quantity, "quantity") <= 0 ? Rule.Quantity
                : row.GetSingle(price, "price") <= 0 ? Rule.Price
                : !IsProduct(row[product]) ? Rule.Product
                : null;

        private static bool IsProduct(ReadOnlySpan<byte> code)
            => code.Length >= DigitsOfProduct && code[..DigitsOfProduct].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }
}
