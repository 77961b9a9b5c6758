using LargeRec.Data.Sources;

namespace LargeRec.Data.Events;

/// <summary>
/// Reads KuaiRand: every impression of the standard logs is an event, in milliseconds, with what the user did about it as bits in the weights of the
/// public code: click 1, like 2, follow 4, comment 8, forward 16, hate 32, long_view 64, profile_enter 128. Features of users and videos become
/// side information where their files are there.
/// </summary>
public static class KuaiRandReader
{
    private const string UserFiles = "user_features_*.csv";
    private const string VideoFiles = "video_features_basic_*.csv";

    private static readonly string[] Flags = ["is_click", "is_like", "is_follow", "is_comment", "is_forward", "is_hate", "long_view", "is_profile_enter"];

    private static readonly string[] UserFeatures =
    [
        "user_active_degree", "is_live_streamer", "is_video_author", "follow_user_num_range", "fans_user_num_range", "friend_user_num_range",
            "register_days_range",
    ];

    private static readonly string[] VideoFeatures = ["video_type", "upload_type", "music_type", "tag"];

    /// <summary>The files of features, as <see cref="FileSource.FindAll(string)"/> takes them.</summary>
    internal static IReadOnlyList<string> FeatureFiles { get; } = [UserFiles, VideoFiles];

    /// <param name="source">The files.</param>
    /// <param name="logs">The name of the log, or of several with <c>*</c> in it, which are read in the order of their names.</param>
    /// <param name="name">The log's name.</param>
    /// <param name="options">Bad rows, progress, cancellation.</param>
    /// <exception cref="DataFormatException">A file is not what it should be: the message names the line, the reason and the remedy.</exception>
    public static EventLog Read(FileSource source, string logs, string name, ReadingOptions? options = null)
    {
        options ??= new ReadingOptions();
        var events = new EventRows(name, EventColumns.Times | EventColumns.Behaviours, options, behavioursAreFlags: true);
        foreach (var file in source.FindAll(logs))
        {
            using var table = source.OpenTable(file, DelimitedFormat.Comma);
            ReadLog(table, events);
        }

        foreach (var flag in Flags)
        {
            events.Log.BehaviourNames.Add(flag.StartsWith("is_", StringComparison.Ordinal) ? flag[3..] : flag);
        }

        events.Log.Notes.Add("behaviours: an impression has any of " + string.Join(", ", events.Log.BehaviourNames) + ", or none");
        AddFeatures(source, UserFiles, "user_id", UserFeatures, id => events.Users.Find(id), () => events.Users.Count, events.Log.UserInformation, options);
        AddFeatures(source, VideoFiles, "video_id", VideoFeatures, id => Item(events.Items.Find(id)), () => events.Items.Count + 1, events.Log.ItemInformation,
            options);
        return events.Build();
    }

    private static void ReadLog(DelimitedReader table, EventRows events)
    {
        var header = new TableHeader(table);
        var (user, video, time) = (header.Require("user_id"), header.Require("video_id"), header.Require("time_ms"));
        var flags = Array.ConvertAll(Flags, flag => header.Require(flag));
        events.ForEach(table, row =>
        {
            row.RequireFields(header.Count);
            var behaviour = 0;
            for (var bit = 0; bit < flags.Length; bit++)
            {
                behaviour |= ReadFlag(row, flags[bit], Flags[bit]) << bit;
            }

            events.Add(row, user, video, PublishedTime.Milliseconds(row, time), behaviour: (byte)behaviour);
        });
    }

    private static int ReadFlag(TableReader row, int field, string name)
        => row[field] is [var digit] && digit is (byte)'0' or (byte)'1' ? digit - '0' : throw row.WrongType(field, name, "0 or 1");

    private static int Item(int index) => index < 0 ? -1 : index + 1;

    private static void AddFeatures(
        FileSource source, string pattern, string id, string[] wanted, FeatureTable.Find find, Func<int> count, IList<SideInformation> to,
        ReadingOptions options)
    {
        var files = source.FindAll(pattern);
        if (files.Count == 0)
        {
            return;
        }

        var features = Array.ConvertAll(wanted, name => new SideInformationBuilder(name));
        var rows = new Rows(options);
        foreach (var file in files)
        {
            using var table = source.OpenTable(file, DelimitedFormat.Comma);
            FeatureTable.Read(table, id, features, find, rows);
        }

        foreach (var feature in features)
        {
            to.Add(feature.Build(count()));
        }
    }
}
