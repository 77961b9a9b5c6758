using LargeRec.Data.Storage;

namespace LargeRec.Data.Tests.Storage;

public sealed class FileLockTests
{
    [Test]
    public void Is_held_by_one_and_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder["x.lock"];
        using (var held = FileLock.TryAcquire(path))
        {
            Assert.That(held, Is.Not.Null);
            Assert.That(FileLock.TryAcquire(path), Is.Null);
        }

        Assert.That(Directory.GetFileSystemEntries(folder.FolderPath), Is.Empty);
        using var again = FileLock.TryAcquire(path);
        Assert.That(again, Is.Not.Null);
    }

    [Test]
    public void A_file_that_nobody_holds_locks_nobody_out()
    {
        using var folder = new TemporaryFolder();
        using var held = FileLock.TryAcquire(folder.Write("x.lock", ""));
        Assert.That(held, Is.Not.Null);
    }

    [Test]
    public void Asking_says_who_has_it_and_stands_in_nobodys_way()
    {
        using var folder = new TemporaryFolder();
        var path = folder["x.lock"];
        Assert.That((FileLock.IsHeld(path), FileLock.IsHeld(folder["missing/x.lock"])), Is.EqualTo((false, false)));
        Assert.That(Directory.GetFileSystemEntries(folder.FolderPath), Is.Empty);
        using (FileLock.TryAcquire(path))
        {
            Assert.That((FileLock.IsHeld(path), FileLock.IsHeld(path)), Is.EqualTo((true, true)));
        }

        Assert.That(FileLock.IsHeld(folder.Write("x.lock", "")), Is.False, "left behind by a kill");
        using var held = FileLock.TryAcquire(path);
        Assert.That(held, Is.Not.Null);
    }

    [Test]
    public void A_folder_that_is_missing_is_an_error()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => FileLock.TryAcquire(folder["missing/x.lock"]), Throws.InstanceOf<IOException>());
    }

    [Test]
    public void Of_many_that_try_at_once_only_one_is_inside()
    {
        using var folder = new TemporaryFolder();
        var (inside, most, times) = (0, 0, 0);
        Parallel.For(0, 4, _ =>
        {
            for (var i = 0; i < 500; i++)
            {
                using var held = FileLock.TryAcquire(folder["x.lock"]);
                if (held is not null)
                {
                    var now = Interlocked.Increment(ref inside);
                    InterlockedMaximum(ref most, now);
                    Interlocked.Increment(ref times);
                    Interlocked.Decrement(ref inside);
                }
            }
        });
        Assert.That(most, Is.EqualTo(1));
        Assert.That(times, Is.GreaterThan(100));
    }

    private static void InterlockedMaximum(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
            // Somebody else wrote meanwhile.
        }
    }
}
