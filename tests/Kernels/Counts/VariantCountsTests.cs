using System.Globalization;
using System.Text;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Kernels.Tests.Images;

namespace LargeRec.Kernels.Tests.Counts;

/// <summary>
/// What each variant's PTX asks of a GPU, counted by the interpreter: the table of docs/gpu.md, compared, or with LARGEREC_RECORD_CHECKS set written there.
/// </summary>
public sealed class VariantCountsTests
{
    private const string Begin = "<!-- counts: written by VariantCountsTests -->";
    private const string End = "<!-- end of counts -->";

    private static readonly (KernelFamily Family, KernelShape Shape)[] Shapes =
    [
        (KernelFamilies.HstuAttention, new(256, 1, 50, 50, 128)),
        (KernelFamilies.HstuAttention, new(256, 2, 32, 32, 128)),
        (KernelFamilies.Product, new(256, 200, 50)),
        (KernelFamilies.Product, new(50, 200, 1024)),
        (KernelFamilies.Product, new(128, 128, 128)),
    ];

    private static string DocumentPath { get; } = Path.Combine(AcceptedImages.Folder, "..", "..", "..", "docs", "gpu.md");

    [Test]
    public void The_table_of_the_document_is_what_the_kernels_do()
    {
        var counts = Shapes.SelectMany(s => s.Family.Variants.Where(v => v.Takes(s.Shape)).Select(v => VariantCounts.Of(s.Family, v, s.Shape))).ToArray();
        using (Assert.EnterMultipleScope())
        {
            foreach (var shape in counts.GroupBy(c => (c.Family, c.Shape)))
            {
                var (plain, tiled) = (shape.Single(c => c.Variant == KernelFamilies.Plain), shape.Single(c => c.Variant == KernelFamilies.Tiled));
                Assert.That(tiled.Instructions, Is.LessThan(plain.Instructions), $"{shape.Key}: what makes tiles the default on CUDA: instructions");
                Assert.That(tiled.GlobalBytes, Is.LessThan(plain.GlobalBytes), $"{shape.Key}: what makes tiles the default on CUDA: bytes");
            }
        }

        var document = File.ReadAllText(DocumentPath);
        var (begin, end) = (document.IndexOf(Begin, StringComparison.Ordinal), document.IndexOf(End, StringComparison.Ordinal));
        Assert.That(begin, Is.Positive.And.LessThan(end), $"{DocumentPath} has no place for the table");
        var table = $"{Begin}\n{Table(counts)}";
        if (Environment.GetEnvironmentVariable("LARGEREC_RECORD_CHECKS") is { Length: > 0 })
        {
            File.WriteAllText(DocumentPath, document[..begin] + table + document[end..]);
            return;
        }

        Assert.That(document[begin..end], Is.EqualTo(table), "the kernels count otherwise: run this test once with "
            + "LARGEREC_RECORD_CHECKS=1 and commit docs/gpu.md");
    }

    private static string Table(IEnumerable<VariantCounts> counts)
    {
        var table = new StringBuilder();
        table.Append("| Family, shape | Variant | Instructions | Bytes of global memory | of which needed | Shared accesses | Passes an access |\n");
        table.Append("|---|---|---|---|---|---|---|\n");
        foreach (var count in counts)
        {
            var name = count.Variant == KernelFamilies.Plain ? $"{count.Family}: {count.Family.Describe(count.Shape)}" : "";
            table.Append(CultureInfo.InvariantCulture,
                $"| {name} | {count.Variant} | {count.Instructions:F2} | {count.GlobalBytes:F3} | {count.NeededBytes:F3} | {count.SharedAccesses:F3} | ");
            table.Append(count.SharedAccesses > 0 ? string.Create(CultureInfo.InvariantCulture, $"{count.PassesOfAccess:F2} |\n") : "- |\n");
        }

        return table.ToString();
    }
}
