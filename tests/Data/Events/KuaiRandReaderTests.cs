using LargeRec.Data.Catalogue;
using LargeRec.Data.Events;

namespace LargeRec.Data.Tests.Events;

public sealed class KuaiRandReaderTests
{
    // The publisher's columns in the publisher's order.
    private const string Header = "user_id,video_id,date,hourmin,time_ms,is_click,is_like,is_follow,is_comment,is_forward,is_hate,long_view,"
        + "play_time_ms,duration_ms,profile_stay_time,comment_stay_time,is_profile_enter,is_rand,tab\n";
    private const string Early = Header + "0,3,20220408,0,1649347200000,1,0,0,0,0,0,1,5,9,0,0,0,0,1\n";
    private const string Late = Header + "5,4,20220422,0,1650556800000,0,0,0,0,0,0,0,5,9,0,0,0,0,1\n0,4,20220422,0,1650556800001,1,1,1,1,1,1,1,5,9,0,0,1,0,1\n";
    private const string Videos = "video_id,author_id,video_type,upload_dt,upload_type,visible_status,video_duration,server_width,server_height,"
        + "music_id,music_type,tag\n4,1,AD,2022-04-10,Kmovie,0,1,1,1,1,9.0,\"39,2\"\n99,1,NORMAL,2022-04-10,x,0,1,1,1,1,9.0,2\n";

    [TestCase(true)]
    [TestCase(false)]
    public void The_publishers_logs_are_read_in_order_of_their_names_with_feedback_as_bits(bool archived)
    {
        using var files = new TemporaryFolder();
        (string Name, byte[] Bytes)[] published =
        [
            ("KuaiRand-Pure/data/log_standard_4_22_to_5_08_pure.csv", Packed.Utf8(Late)),
            ("KuaiRand-Pure/data/log_standard_4_08_to_4_21_pure.csv", Packed.Utf8(Early)),
            ("KuaiRand-Pure/data/log_random_4_22_to_5_08_pure.csv", Packed.Utf8(Late)),
            ("KuaiRand-Pure/data/video_features_basic_pure.csv", Packed.Utf8(Videos)),
        ];
        if (archived)
        {
            files.Write("KuaiRand-Pure.tar.gz", Packed.Gzip(Packed.Tar(published)));
        }
        else
        {
            foreach (var (name, bytes) in published)
            {
                files.Write($"kuairand-pure/{name}", bytes);
            }
        }

        var log = DatasetCatalogue.Open("kuairand-pure", files.FolderPath);
        Assert.That(log.Users.ToArray(), Is.EqualTo(new[] { 0, 1, 0 }));
        Assert.That(log.Items.ToArray(), Is.EqualTo(new[] { 1, 2, 2 }));
        Assert.That(log.Times.ToArray(), Is.EqualTo(new[] { 1649347200000, 1650556800000, 1650556800001 }));
        Assert.That(log.Behaviours.ToArray(), Is.EqualTo(new byte[] { 1 + 64, 0, 255 }));
        Assert.That(log.BehavioursAreFlags, Is.True);
        var tags = log.ItemInformation.Single(information => information.Name == "tag");
        Assert.That(tags[2], Is.EqualTo("39,2"));
        Assert.That(tags[1], Is.Empty, "a video without features");
        Assert.That(log.UserInformation, Is.Empty, "there is no file of users");
    }

    [TestCase("0,3,0,0,1649347200000,2,0,0,0,0,0,1,5,9,0,0,0,0,1", "is_click '2' is not 0 or 1")]
    [TestCase("0,3,0,0,1649347200,1,0,0,0,0,0,1,5,9,0,0,0,0,1,7", "the row has 20 fields where 19 are expected")]
    [TestCase("0,3,0,0,16493472000000000,1,0,0,0,0,0,1,5,9,0,0,0,0,1", "time '16493472000000000' is not in milliseconds of the years 1970 to 2100")]
    [TestCase(",3,0,0,1649347200000,1,0,0,0,0,0,1,5,9,0,0,0,0,1", "the user is empty")]
    public void A_bad_row_is_named(string row, string reason)
    {
        using var files = new TemporaryFolder();
        files.Write("kuairand-pure/log_standard_1_pure.csv", Early + row + "\n");
        var fault = Assert.Throws<DataFormatException>(() => DatasetCatalogue.Open("kuairand-pure", files.FolderPath));
        Assert.That(fault!.Line, Is.EqualTo(3));
        Assert.That(fault.Reason, Is.EqualTo(reason));
    }

    [Test]
    public void A_log_that_lacks_a_column_is_named()
    {
        using var files = new TemporaryFolder();
        files.Write("kuairand-pure/log_standard_1_pure.csv", "user_id,video_id,time_ms\n1,2,1649347200000\n");
        Assert.That(() => DatasetCatalogue.Open("kuairand-pure", files.FolderPath), Throws.InstanceOf<DataFormatException>()
            .With.Message.Contains("there is no column is_click"));
    }
}
