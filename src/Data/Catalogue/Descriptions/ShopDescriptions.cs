using LargeRec.Data.Events;

namespace LargeRec.Data.Catalogue.Descriptions;

/// <summary>Logs of shops: Taobao's and a British wholesaler's.</summary>
internal static class ShopDescriptions
{
    private const string Taobao = "UserBehavior.csv";

    public static IReadOnlyList<Dataset> All { get; } =
    [
        new("online-retail", "Online Retail II (UCI): a wholesaler's invoices, 2009-2011")
        {
            Archives = ["online+retail+ii.zip", "online_retail_ii.zip", "online_retail_II.xlsx.zip"],
            Layouts =
            [
                new DatasetLayout("the publisher's layout", [OnlineRetailReader.Workbook], OnlineRetailReader.ReadWorkbook),
                new DatasetLayout(
                    "the prepared layout (5-core)", [OnlineRetailReader.PreparedEvents, OnlineRetailReader.PreparedItems], OnlineRetailReader.ReadPrepared),
            ],
        },
        new("taobao", "Taobao UserBehavior: views, carts, favourites and purchases of nine days, 2017")
        {
            OtherFolders = ["taobao-sample"],
            Archives = ["UserBehavior.csv.zip", "UserBehavior.zip", "UserBehavior.csv.tar.gz"],
            Layouts = [new DatasetLayout("the publisher's layout", [Taobao], (source, options) => TaobaoReader.Read(source, Taobao, "taobao", options))],
        },
    ];
}
