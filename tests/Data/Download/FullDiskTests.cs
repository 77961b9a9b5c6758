using System.Diagnostics;
using LargeRec.Data.Download;
using LargeRec.Data.Storage;

namespace LargeRec.Data.Tests.Download;

/// <summary>Downloads onto disks without room.</summary>
public sealed class FullDiskTests
{
    private static readonly byte[] Data = Archives.Noise(400_000);

    [Test]
    public async Task A_disk_that_fills_up_keeps_the_part_for_the_next_try()
    {
        using var folder = new TemporaryFolder();
        using var server = new FileServer(Data, "data.csv");
        var dataset = Downloads.Dataset(server, Data);
        Assert.That(
            () => dataset.RunAsync(folder, files: new FullDisk(250_000)),
            Throws.TypeOf<DownloadException>().With.Message.EqualTo(
                $"the disk of {folder.FolderPath} is full; {folder["data.csv.part"]} keeps 250 kB of 400 kB: make room and run the same command to go on"));
        await dataset.RunAsync(folder);
        Assert.That(server.Header(1, "Range"), Is.EqualTo("bytes=250000-"));
        Assert.That(File.ReadAllBytes(folder[$"{Downloads.Name}/data.csv"]), Is.EqualTo(Data));
    }

    [Test]
    public void A_disk_that_says_it_has_no_room_is_not_begun_on()
    {
        using var folder = new TemporaryFolder();
        using var server = new FileServer(Data, "data.csv");
        Assert.That(
            () => Downloads.Dataset(server, Data).RunAsync(folder, files: new FullDisk(long.MaxValue, saysFree: 399_999)),
            Throws.TypeOf<DownloadException>().With.Message.Contains("400 kB free, and data.csv, unpacked, takes 400 kB; make room"));
        Assert.That(server.Requests, Is.Empty);
        Assert.That(folder.Entries, Is.Empty);
    }

    [Test]
    public void A_length_that_only_the_server_knows_is_compared_with_the_room_too()
    {
        using var folder = new TemporaryFolder();
        using var server = new FileServer(Data, "data.csv");
        Assert.That(
            () => Downloads.Dataset(server).RunAsync(folder, files: new FullDisk(long.MaxValue, saysFree: 300_000)),
            Throws.TypeOf<DownloadException>().With.Message.Contains("300 kB free"));
        Assert.That(folder.Entries, Is.Empty);
    }

    [Test]
    public async Task A_disk_that_fills_up_while_unpacking_keeps_the_archive()
    {
        var archive = Archives.Zip(("a.csv", new string('a', 10_000)), ("b.csv", new string('b', 10_000)));
        using var folder = new TemporaryFolder();
        using var server = new FileServer(archive);
        var dataset = Downloads.Dataset(server, archive);
        Assert.That(
            () => dataset.RunAsync(folder, files: new FullDisk(archive.Length + 15_000)),
            Throws.TypeOf<DownloadException>().With.Message.Contains($"{folder["data.zip"]} stays: make room and run the same command to unpack it"));
        Assert.That(folder.Entries, Is.EqualTo(new[] { "data.zip" }));
        await dataset.RunAsync(folder);
        Assert.That(server.Requests, Has.Length.EqualTo(1));
        Assert.That(File.Exists(folder[$"{Downloads.Name}/b.csv"]));
    }

    [Test]
    public void What_an_archive_says_it_holds_is_compared_with_the_room()
    {
        var archive = Archives.Zip(("a.csv", new string('a', 100_000)));
        using var folder = new TemporaryFolder();
        using var server = new FileServer(archive);
        Assert.That(
            () => Downloads.Dataset(server, archive).RunAsync(folder, files: new FullDisk(long.MaxValue, saysFree: 50_000)),
            Throws.TypeOf<DownloadException>().With.Message.Contains("what the archive holds takes 100 kB"));
        Assert.That(folder.Entries, Is.EqualTo(new[] { "data.zip" }));
    }

    [Test]
    public void A_real_full_disk_is_recognised()
    {
        using var folder = new TemporaryFolder();
        var disk = Directory.CreateDirectory(folder["disk"]).FullName;
        if (!OperatingSystem.IsLinux() || Shell($"mount -t tmpfs -o size=256k tmpfs '{disk}'") != 0)
        {
            Assert.Ignore("a small disk could not be mounted: that needs Linux and root");
        }

        try
        {
            using var server = new FileServer(Data, "data.csv");
            Assert.That(DiskSpace.Free(disk), Is.InRange(1, 256 << 10));
            using var on = new Downloader(Downloads.Quick, new SocketsHttpHandler { UseProxy = false }, new DownloadFiles());
            Assert.That(() => on.DownloadAsync(Downloads.Dataset(server), disk), Throws.TypeOf<DownloadException>()
                .With.Message.Contains("free, and what is to be fetched takes 400 kB"));
            using var unknowing = new Downloader(Downloads.Quick, new SocketsHttpHandler { UseProxy = false }, new Unknowing());
            Assert.That(() => unknowing.DownloadAsync(Downloads.Dataset(server), disk), Throws.TypeOf<DownloadException>().With.Message.Contains("is full; "));
            Assert.That(new FileInfo(Path.Combine(disk, "data.csv.part")).Length, Is.GreaterThan(100_000));
        }
        finally
        {
            Shell($"umount '{disk}'");
        }
    }

    private static int Shell(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    private sealed class Unknowing : DownloadFiles
    {
        public override long? FreeBytes(string folder) => null;
    }
}
