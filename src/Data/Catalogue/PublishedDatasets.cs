namespace LargeRec.Data.Catalogue;

/// <summary>The public data sets that are known by name, with their publishers' terms, addresses and checksums.</summary>
public static class PublishedDatasets
{
    private const string MovieLensCitation =
        "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. ACM Transactions on Interactive Intelligent Systems 5, "
            + "4, Article 19. https://doi.org/10.1145/2827872";

    private const string MovieLensConditions = """
        The data may be used for research, under these conditions:
        - do not state or imply any endorsement from the University of Minnesota or the GroupLens Research Group;
        - acknowledge the use of the data set in publications that result from it;
        - {0}
        - no commercial or revenue-bearing use without permission from a faculty member of the GroupLens Research Project.
        """;

    private const string KuaiRandCitation =
        "Chongming Gao, Shijun Li, Yuan Zhang, Jiawei Chen, Biao Li, Wenqiang Lei, Peng Jiang, Xiangnan He. 2022. KuaiRand: An Unbiased Sequential "
            + "Recommendation Dataset with Randomly Exposed Videos. CIKM '22, 3953-3957. https://doi.org/10.1145/3511808.3557624";

    private const string AmazonCitation =
        "Ruining He, Julian McAuley. 2016. Ups and Downs: Modeling the Visual Evolution of Fashion Trends with One-Class Collaborative Filtering. WWW '16. "
            + "https://doi.org/10.1145/2872427.2883037";

    private static readonly PublisherTerms AmazonTerms = new(
        "research",
        "The reviews were collected for research by the University of California San Diego; they are Amazon's and its customers'. No licence is published "
        + "with them: take them for research only, and cite the paper.",
        new Uri("https://jmcauley.ucsd.edu/data/amazon/index_2014.html"));

    private static readonly PublisherTerms KuaiRandTerms = new(
        "CC BY-SA 4.0",
        "Creative Commons Attribution-ShareAlike 4.0 International: use, share and adapt it, commercially too, if you credit the authors, say what you "
        + "changed, and pass on what you made of it under the same licence.",
        new Uri("https://creativecommons.org/licenses/by-sa/4.0/"));

    /// <summary>All of them, families together, the smaller first.</summary>
    public static IReadOnlyList<PublishedDataset> All { get; } =
    [
        MovieLens("ml-100k", "MovieLens 100K", 943, 1_682, 100_000, mayRedistribute: false, new PublishedFile
        {
            FileName = "ml-100k.zip",
            Address = new Uri("https://files.grouplens.org/datasets/movielens/ml-100k.zip"),
            Size = 4_924_029,
            Md5 = "0e33842e24a9c977be4e0107933c0723",
        }),
        MovieLens("ml-1m", "MovieLens 1M", 6_040, 3_883, 1_000_209, mayRedistribute: false, new PublishedFile
        {
            FileName = "ml-1m.zip",
            Address = new Uri("https://files.grouplens.org/datasets/movielens/ml-1m.zip"),
            Md5 = "c4d9eecfca2ab87c1945afe126590906",
            Sha256 = "a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20",
        }),
        MovieLens("ml-20m", "MovieLens 20M", 138_493, 27_278, 20_000_263, mayRedistribute: true, new PublishedFile
        {
            FileName = "ml-20m.zip",
            Address = new Uri("https://files.grouplens.org/datasets/movielens/ml-20m.zip"),
            Size = 198_702_078,
            Md5 = "cd245b17a1ae2cc31bb14903e1204af3",
            Sha256 = "96f243c338a8665f6bcc89c53edf6ee39162a846940de6b7c8c48aeada765ff3",
        }),
        MovieLens("ml-32m", "MovieLens 32M", 200_948, 87_585, 32_000_204, mayRedistribute: true, new PublishedFile
        {
            FileName = "ml-32m.zip",
            Address = new Uri("https://files.grouplens.org/datasets/movielens/ml-32m.zip"),
            Size = 238_950_008,
            Md5 = "d472be332d4daa821edc399621853b57",
        }),
        KuaiRand("kuairand-pure", "KuaiRand-Pure", 27_285, 7_583, 2_622_668, "0820331067a3784d9691136f772b35a7", 194_000_000),
        KuaiRand("kuairand-1k", "KuaiRand-1K", 1_000, 4_369_953, 11_756_073, "6b0b9c8222d67fcd4c676218edca3f1f", 4_300_000_000),
        KuaiRand("kuairand-27k", "KuaiRand-27K", 27_285, 32_038_725, 323_464_464, "3e3c799a24e2d23a4d2c757fbf9adf59", 46_000_000_000),
        new PublishedDataset
        {
            Name = "online-retail",
            Title = "Online Retail II",
            Events = 1_067_371,
            Terms = new PublisherTerms(
                "CC BY 4.0",
                "Creative Commons Attribution 4.0 International: use, share and adapt it, commercially too, if you credit the author and say what you changed.",
                new Uri("https://creativecommons.org/licenses/by/4.0/")),
            Citation = "Daqing Chen. 2012. Online Retail II. UCI Machine Learning Repository. https://doi.org/10.24432/C5CG6D",
            HomePage = new Uri("https://archive.ics.uci.edu/dataset/502/online+retail+ii"),
            File = new PublishedFile
            {
                FileName = "online+retail+ii.zip",
                Address = new Uri("https://archive.ics.uci.edu/static/public/502/online+retail+ii.zip"),
                Size = 45_622_418,
                Sha256 = "572e36277c2390fbfde10664750731e0a86f55e33470d91919085f0408e67bfb",
            },
        },
        Amazon("amazon-beauty", "Amazon Beauty 2014, 5-core", 22_363, 12_101, 198_502, "reviews_Beauty_5.json.gz"),
        Amazon("amazon-sports", "Amazon Sports and Outdoors 2014, 5-core", 35_598, 18_357, 296_337, "reviews_Sports_and_Outdoors_5.json.gz"),
        Amazon("amazon-toys", "Amazon Toys and Games 2014, 5-core", 19_412, 11_924, 167_597, "reviews_Toys_and_Games_5.json.gz"),
        Amazon("amazon-books", "Amazon Books 2014, ratings only", 8_026_324, 2_330_066, 22_507_155, "ratings_Books.csv"),
        new PublishedDataset
        {
            Name = "taobao",
            Title = "Taobao UserBehavior",
            Users = 987_994,
            Items = 4_162_024,
            Events = 100_150_807,
            Terms = new PublisherTerms(
                "research",
                "The data may be used for research under the terms that its publisher shows when you register there.",
                new Uri("https://tianchi.aliyun.com/dataset/649")),
            Citation = "Han Zhu, Xiang Li, Pengye Zhang, Guozheng Li, Jie He, Han Li, Kun Gai. 2018. Learning Tree-based Deep Model for Recommender Systems. "
            + "KDD '18. https://doi.org/10.1145/3219819.3219826",
            HomePage = new Uri("https://tianchi.aliyun.com/dataset/649"),
        },
    ];

    /// <summary>The data set of this name, or null.</summary>
    public static PublishedDataset? Find(string name) => All.FirstOrDefault(d => d.Name == name);

    private static PublishedDataset MovieLens(string name, string title, int users, int items, long events, bool mayRedistribute, PublishedFile file) => new()
    {
        Name = name,
        Title = title,
        Users = users,
        Items = items,
        Events = events,
        Terms = new PublisherTerms(
            "no commerce",
            MovieLensConditions.Replace(
                "{0}",
                mayRedistribute ? "redistribute it, changed or not, only under these same conditions;" : "do not redistribute it without separate permission;",
                StringComparison.Ordinal),
            new Uri($"https://files.grouplens.org/datasets/movielens/{name}-README.{(mayRedistribute ? "html" : "txt")}")),
        Citation = MovieLensCitation,
        HomePage = new Uri("https://grouplens.org/datasets/movielens/"),
        File = file,
    };

    private static PublishedDataset KuaiRand(string name, string title, int users, int items, long events, string md5, long unpacked) => new()
    {
        Name = name,
        Title = title,
        Users = users,
        Items = items,
        Events = events,
        Terms = KuaiRandTerms,
        Citation = KuaiRandCitation,
        HomePage = new Uri("https://zenodo.org/records/10439422"),
        File = new PublishedFile
        {
            FileName = $"{title}.tar.gz",
            Address = new Uri($"https://zenodo.org/records/10439422/files/{title}.tar.gz"),
            Md5 = md5,
            UnpackedSize = unpacked,
        },
    };

    private static PublishedDataset Amazon(string name, string title, int users, int items, long events, string file) => new()
    {
        Name = name,
        Title = title,
        Users = users,
        Items = items,
        Events = events,
        Terms = AmazonTerms,
        Citation = AmazonCitation,
        HomePage = new Uri("https://jmcauley.ucsd.edu/data/amazon/index_2014.html"),
        File = new PublishedFile
        {
            FileName = file,
            Address = new Uri($"https://snap.stanford.edu/data/amazon/productGraph/categoryFiles/{file}"),
        },
    };
}
