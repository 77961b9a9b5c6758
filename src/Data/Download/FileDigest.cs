using System.Security.Cryptography;

namespace LargeRec.Data.Download;

/// <summary>A file's checksums, in lower-case hexadecimal.</summary>
internal sealed record FileDigest(long Size, string Md5, string Sha256)
{
    private const int BufferSize = 1 << 20;

    public static async Task<FileDigest> ComputeAsync(string path, ProgressReporter report, CancellationToken cancellation)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        await using (file.ConfigureAwait(false))
        {
            report.Begin(DownloadStage.Verifying, 0, file.Length);
            var buffer = new byte[BufferSize];
            var size = 0L;
            int read;
            while ((read = await file.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
            {
                md5.AppendData(buffer, 0, read);
                sha256.AppendData(buffer, 0, read);
                size += read;
                report.Advance(read);
            }

            return new FileDigest(size, Convert.ToHexStringLower(md5.GetHashAndReset()), Convert.ToHexStringLower(sha256.GetHashAndReset()));
        }
    }
}
