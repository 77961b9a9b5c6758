using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Tests.Runs;

public sealed class RunLockTests
{
    [Test]
    public void One_training_at_a_time_has_a_run()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.Create(folder["run"]);
        Assert.That(RunLock.IsHeld(run), Is.False);
        using (RunLock.Take(run))
        {
            Assert.That(RunLock.IsHeld(run));
            Assert.That(() => RunLock.Take(run), Throws.InstanceOf<RunFolderException>()
                .With.Message.EndsWith("another training is using this run; let it end or stop it first"));
        }

        Assert.That(RunLock.IsHeld(run), Is.False);
        Assert.That(Directory.EnumerateFileSystemEntries(run.FolderPath), Is.Empty);
        RunLock.Take(run).Dispose();
    }

    [Test]
    public void Asking_stands_in_nobodys_way_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.Create(folder["run"]);
        Assert.That(RunLock.IsHeld(run), Is.False);
        Assert.That(Directory.EnumerateFileSystemEntries(run.FolderPath), Is.Empty);
    }
}
