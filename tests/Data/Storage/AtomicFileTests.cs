using LargeRec.Data.Storage;

namespace LargeRec.Data.Tests.Storage;

public sealed class AtomicFileTests
{
    [Test]
    public void Replaces_the_content_and_leaves_nothing_else()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteText(folder["a.txt"], "a longer first text");
        AtomicFile.WriteText(folder["a.txt"], "é");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.ReadAllBytes(folder["a.txt"]), Is.EqualTo("é"u8.ToArray()));
            Assert.That(Directory.GetFileSystemEntries(folder.FolderPath), Has.Length.EqualTo(1));
        }
    }

    [Test]
    public void A_failure_while_writing_keeps_the_old_content()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteText(folder["a.txt"], "old");
        Assert.That(() => AtomicFile.Write(folder["a.txt"], stream =>
        {
            stream.Write("ne"u8);
            throw new IOException("full");
        }), Throws.TypeOf<IOException>());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.ReadAllText(folder["a.txt"]), Is.EqualTo("old"));
            Assert.That(Directory.GetFileSystemEntries(folder.FolderPath), Has.Length.EqualTo(1));
        }
    }

    [Test]
    public void The_name_holds_the_old_content_until_the_new_is_whole()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteText(folder["a.txt"], "old");
        AtomicFile.Write(folder["a.txt"], stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.That(File.ReadAllText(folder["a.txt"]), Is.EqualTo("old"));
        });
        Assert.That(File.ReadAllText(folder["a.txt"]), Is.EqualTo("new"));
    }
}
