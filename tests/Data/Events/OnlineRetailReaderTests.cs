using LargeRec.Data.Catalogue;
using LargeRec.Data.Events;

namespace LargeRec.Data.Tests.Events;

public sealed class OnlineRetailReaderTests
{
    private static readonly object?[] Header = ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"];

    private static readonly DateTime Morning = new(2010, 12, 1, 8, 26, 0);

    [TestCase("online-retail/online_retail_II.xlsx")]
    [TestCase("online+retail+ii.zip")]
    public void The_publishers_workbook_is_cleaned_by_rules_that_are_said(string place)
    {
        using var files = new TemporaryFolder();
        var workbook = Workbook.Of(
            ("Year 2009-2010", [Header, Line("1", "85048", "LIGHTS"), Line("1", "79323P", "CHERRY"), Line("1", "85048", "LIGHTS"),
            Line("C2", "85048", quantity: -1), Line("3", "POST"), Line("4", "85048", price: 0), Line("5", "85048", customer: null)]),
            ("Year 2010-2011", [Header, Line("1", "85048", "LIGHTS"), Line("6", "22423", "CAKESTAND", customer: 17850, minutes: 1)]));
        files.Write(place, place.EndsWith(".zip", StringComparison.Ordinal) ? Packed.Zip(("online_retail_II.xlsx", workbook)) : workbook);

        var log = DatasetCatalogue.Open("online-retail", files.FolderPath);
        Assert.That(log.Users.ToArray(), Is.EqualTo(new[] { 0, 0, 1 }));
        Assert.That(log.UserIds.GetText(0), Is.EqualTo("13085"));
        Assert.That(log.Items.ToArray(), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(log.Catalogue.GetId(2), Is.EqualTo("79323P"));
        Assert.That(log.Catalogue.GetTitle(3), Is.EqualTo("CAKESTAND"));
        Assert.That(log.Times.ToArray(), Is.EqualTo(new[] { 1_291_191_960_000, 1_291_191_960_000, 1_291_192_020_000 }));
        Assert.That(log.UserInformation[0][0], Is.EqualTo("France"));
        Assert.That(log.Notes, Has.Some.EqualTo(
            "left out by rule: 1 lines without a customer, 1 with no positive quantity (cancelled), 1 with no positive price, 1 whose stock code is no "
            + "product's (no 5 digits), 1 of invoices that an earlier sheet has, 1 that repeat a product of their invoice"));
    }

    [Test]
    public void A_bad_cell_is_named_with_its_sheet_and_row_or_skipped_and_counted()
    {
        using var files = new TemporaryFolder();
        files.Write("online-retail/online_retail_II.xlsx",
            Workbook.Of(("Year 2009-2010", [Header, Line("1", "85048"), Line("2", "85048", quantity: "many"), Line("3", "85048")])));
        Assert.That(
            () => DatasetCatalogue.Open("online-retail", files.FolderPath),
            Throws.InstanceOf<DataFormatException>()
            .With.Message.Contains("online_retail_II.xlsx, sheet 'Year 2009-2010', row 3: quantity 'many' is not a finite number"));
        var log = DatasetCatalogue.Open("online-retail", files.FolderPath, Skipping);
        Assert.That(log.Count, Is.EqualTo(2));
        Assert.That(log.Notes,
            Has.Some.EqualTo("1 of 3 rows of online_retail_II.xlsx were skipped: the quantity is not a finite number (1, in sheet 'Year 2009-2010', row 3)"));
    }

    [Test]
    public void A_damaged_workbook_is_one_line()
    {
        using var files = new TemporaryFolder();
        var workbook = Workbook.Of(("Year", [Header, Line("1", "85048")]));
        files.Write("online-retail/online_retail_II.xlsx", workbook[..(workbook.Length / 2)]);
        Assert.That(() => DatasetCatalogue.Open("online-retail", files.FolderPath), Throws.InstanceOf<DataFormatException>()
            .With.Message.Contains("cut or damaged"));
    }

    [Test]
    public void The_prepared_files_give_titles_by_item()
    {
        using var files = new TemporaryFolder();
        files.Write("online-retail/online-retail-ii-5core.csv.gz",
            Packed.Gzip("user_id,item_id,timestamp,quantity,unit_price\n7,3,1266339180,24,0.85\n7,1,1266339180,1,2\n"));
        files.Write("online-retail/online-retail-ii-items.csv", "item_id,stock_code,description\n1,72225C,\"CAKE, CANDLE \"\n2,x,NEVER SOLD\n3,21461,HUNT\n");
        var log = DatasetCatalogue.Open("online-retail", files.FolderPath);
        Assert.That(log.Catalogue.GetTitle(1), Is.EqualTo("HUNT"));
        Assert.That(log.Catalogue.GetTitle(2), Is.EqualTo("CAKE, CANDLE"));
        Assert.That(log.Catalogue.Candidates.Length, Is.EqualTo(2));
        Assert.That(log.Times[1], Is.EqualTo(1_266_339_180_000));
    }

    private static DatasetOptions Skipping => new() { Reading = new ReadingOptions { SkipBadRows = true } };

    private static object?[] Line(string invoice, string product, string description = "THING", object? quantity = null, double price = 2.5,
        int? customer = 13085, int minutes = 0)
        => [invoice, product, description, quantity ?? 12, Morning.AddMinutes(minutes), price, customer, "France"];
}
