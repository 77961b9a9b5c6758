using LargeRec.Data.Catalogue;
using LargeRec.Data.Events;

namespace LargeRec.Data.Tests.Events;

public sealed class TaobaoReaderTests
{
    [TestCase("taobao/UserBehavior.csv")]
    [TestCase("taobao-sample/UserBehavior.csv.gz")]
    [TestCase("UserBehavior.csv.zip")]
    public void Wrong_dates_and_a_cut_last_line_are_left_out_and_said(string place)
    {
        using var files = new TemporaryFolder();
        const string Rows = "1,20,7,pv,1511544070\n1,21,7,buy,1511561733\n1,22,7,pv,1480000000\n1,22,7,pv,-5\n2,20,7,fav,1512316799\n2,21,7";
        files.Write(place, place switch
        {
            "UserBehavior.csv.zip" => Packed.Zip(("UserBehavior.csv", Packed.Utf8(Rows))),
            "taobao/UserBehavior.csv" => Packed.Utf8(Rows),
            _ => Packed.Gzip(Rows),
        });
        var log = DatasetCatalogue.Open("taobao", files.FolderPath);
        Assert.That(log.Items.ToArray(), Is.EqualTo(new[] { 1, 2, 1 }));
        Assert.That(log.Behaviours.ToArray(), Is.EqualTo(new byte[] { 0, 3, 2 }));
        Assert.That(log.Notes,
            Has.Some.EqualTo("2 rows (first in line 3) are left out: their times are not of the publisher's nine days, 2017-11-25 to 2017-12-03 in China"));
        Assert.That(log.Notes, Has.Some.EqualTo("the last line (6) is cut and left out"));
    }

    [TestCase("2,21,7\n", "the row has 3 fields where 5 are expected")]
    [TestCase("2,21,7,look,1511544070\n", "behaviour 'look' is not one of pv, cart, fav, buy")]
    [TestCase("2,21,7,pv,soon\n", "time 'soon' is not an integer")]
    public void A_bad_row_is_an_error(string row, string reason)
    {
        using var files = new TemporaryFolder();
        files.Write("taobao/UserBehavior.csv", "1,20,7,pv,1511544070\n" + row + "1,20,7,pv,1511544070\n");
        var fault = Assert.Throws<DataFormatException>(() => DatasetCatalogue.Open("taobao", files.FolderPath));
        Assert.That(fault!.Line, Is.EqualTo(2));
        Assert.That(fault.Reason, Is.EqualTo(reason));
    }
}
