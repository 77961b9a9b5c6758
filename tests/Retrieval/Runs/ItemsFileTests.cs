using CsCheck;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Tests.Runs;

public sealed class ItemsFileTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String[Gen.Char["ab\\tnr\t\n\r \"é日"], 1, 8],
        Gen.String.AlphaNumeric.Where(s => s.Length > 0));

    [Test]
    public void What_is_written_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var file = 0;
        Gen.Select(Gen.Int[1, 5], Texts, Texts.Null()).Array[0, 20].Sample(generated =>
        {
            var index = 0;
            ItemRow[] items = [.. generated.DistinctBy(g => g.Item2).Select(g => new ItemRow(index += g.Item1, g.Item2, g.Item3))];
            var path = folder[$"i{Interlocked.Increment(ref file)}"];
            ItemsFile.Write(path, items);
            return ItemsFile.Read(path).SequenceEqual(items) && File.ReadAllLines(path).Length == items.Length + 1;
        }, iter: 200);
    }

    [Test]
    public void The_text_is_as_described()
    {
        using var folder = new TemporaryFolder();
        ItemsFile.Write(folder["i"], [new ItemRow(1, "a\tb", "c\\d\ne"), new ItemRow(7, "x", null)]);
        Assert.That(File.ReadAllText(folder["i"]), Is.EqualTo("index\tid\ttitle\n1\ta\\tb\tc\\\\d\\ne\n7\tx\t\n"));
    }

    [TestCase("", "line 1: the header is not")]
    [TestCase("id\ttitle\n", "line 1: the header is not")]
    [TestCase("index\tid\ttitle\n1\ta\n", "line 2: not an index, an id and a title")]
    [TestCase("index\tid\ttitle\n1\ta\tb\tc\n", "line 2: not an index, an id and a title")]
    [TestCase("index\tid\ttitle\nx\ta\tb\n", "line 2: not an index, an id and a title")]
    [TestCase("index\tid\ttitle\n1\ta\\q\tb\n", "line 2: not an index, an id and a title")]
    [TestCase("index\tid\ttitle\n1\ta\\\tb\n", "line 2: not an index, an id and a title")]
    [TestCase("index\tid\ttitle\n0\ta\tb\n", "line 2: indices must ascend from 1 up; this one is 0")]
    [TestCase("index\tid\ttitle\n2\ta\tb\n2\tc\td\n", "line 3: indices must ascend")]
    [TestCase("index\tid\ttitle\n1\ta\tb\n2\ta\td\n", "line 3: the id 'a' is there twice")]
    public void A_damaged_file_is_named_with_its_line(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["i"], text);
        Assert.That(() => ItemsFile.Read(folder["i"]), Throws.TypeOf<RunFolderException>().With.Message.StartsWith($"{folder["i"]} {expected}"));
    }

    [Test]
    public void Bytes_that_are_not_utf8_and_a_missing_file_are_errors()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["i"], [.. "index\tid\ttitle\n1\t"u8, 0xFF, .. "\t\n"u8]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => ItemsFile.Read(folder["i"]), Throws.TypeOf<RunFolderException>().With.Message.Contains("UTF-8"));
            Assert.That(() => ItemsFile.Read(folder["no"]), Throws.TypeOf<RunFolderException>().With.Message.EndsWith("the file is missing"));
            Assert.That(() => ItemsFile.Write(folder["w"], [new ItemRow(2, "a", null), new ItemRow(1, "b", null)]), Throws.ArgumentException);
        }
    }
}
