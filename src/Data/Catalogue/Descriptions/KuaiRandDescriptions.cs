using LargeRec.Data.Events;

namespace LargeRec.Data.Catalogue.Descriptions;

/// <summary>The sizes of KuaiRand (Kuaishou).</summary>
internal static class KuaiRandDescriptions
{
    private const string PreparedLog = "kuairand-pure-0425-0508.csv";

    public static IReadOnlyList<Dataset> All { get; } =
    [
        Describe("kuairand-pure", "KuaiRand-Pure: impressions of short videos with eight kinds of feedback, 2022", "KuaiRand-Pure.tar.gz", "_pure.csv",
            Prepared),
        Describe("kuairand-1k", "KuaiRand-1K: the impressions of 1,000 users, 2022", "KuaiRand-1K.tar.gz", "_1k.csv"),
        Describe("kuairand-27k", "KuaiRand-27K: the impressions of 27,285 users, 322 million, 2022", "KuaiRand-27K.tar.gz", ".csv"),
    ];

    // A property with a body: the list above is made before fields below it.
    private static DatasetLayout Prepared => new(
        "the prepared layout (two weeks)", [PreparedLog], (source, options) => KuaiRandReader.Read(source, PreparedLog, "kuairand-pure", options))
    {
        OptionalFiles = KuaiRandReader.FeatureFiles,
    };

    private static Dataset Describe(string name, string title, string archive, string suffix, params DatasetLayout[] others) => new(name, title)
    {
        Archives = [archive],
        Layouts =
        [
            new DatasetLayout("the publisher's layout (standard logs)", [$"log_standard_*{suffix}"],
                (source, options) => KuaiRandReader.Read(source, $"log_standard_*{suffix}", name, options))
            {
                OptionalFiles = KuaiRandReader.FeatureFiles,
            },
            .. others,
        ],
    };
}
