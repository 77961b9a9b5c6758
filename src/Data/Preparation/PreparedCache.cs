using System.IO.Hashing;
using System.Text;
using LargeRec.Data.Events;
using LargeRec.Data.Storage;

namespace LargeRec.Data.Preparation;

/// <summary>
/// A folder of prepared files, so that data are read from their own files once. There is a file a source and way of reading it, named after both; in it
/// stands what the source was like (<see cref="SourceIdentity"/>) and which program made it. A file that no longer agrees, or is damaged, is made again.
/// </summary>
/// <param name="folder">Made when it is first written to.</param>
public sealed class PreparedCache(string folder)
{
    /// <summary>The user's cache folder: <c>XDG_CACHE_HOME/largerec</c> or <c>~/.cache/largerec</c>, on Windows <c>LOCALAPPDATA\largerec\cache</c>; null where
    /// there is no home.</summary>
    public static string? DefaultFolder
    {
        get
        {
            if (OperatingSystem.IsWindows())
            {
                var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
                return local.Length == 0 ? null : Path.Combine(local, "largerec", "cache");
            }

            // The XDG specification has relative paths ignored.
            if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } cache && Path.IsPathRooted(cache))
            {
                return Path.Combine(cache, "largerec");
            }

            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return home.Length == 0 ? null : Path.Combine(home, ".cache", "largerec");
        }
    }

    public string Folder => folder;

    /// <summary>The prepared sequences of a source: from the cache, or made and kept there. Where the cache cannot be written the sequences are used all the
    /// same, and a note says so.</summary>
    /// <param name="nameOrFile">A data set's name, or a file, as for the catalogue.</param>
    /// <param name="dataDirectory">The folder that has named data sets.</param>
    /// <param name="options">Whatever decides how the source is read and filtered, as text.</param>
    /// <param name="make">Reads, sorts and filters.</param>
    /// <param name="cancellation">Stops between pieces of work, with nothing left behind.</param>
    public PreparedData OpenOrMake(string nameOrFile, string? dataDirectory, string options, Func<InteractionSequences> make,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(make);
        var (location, identity) = SourceIdentity.Of(nameOrFile, dataDirectory, cancellation);
        var key = $"{identity}program {typeof(PreparedCache).Module.ModuleVersionId:N}\n";
        var place = $"{nameOrFile}\n{location}\n{Path.GetFullPath(location)}\n{options}\n";
        var path = Path.Combine(folder, $"{Plain(Path.GetFileName(nameOrFile))}-{Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(place)))}.lrd");
        var why = "";
        try
        {
            if (File.Exists(path))
            {
                var found = PreparedFile.Open(path);
                if (found.Key == key)
                {
                    return new PreparedData(found.Sequences, found, $"prepared before: {path}");
                }

                found.Dispose();
                why = "the files, or this program, have changed since they were prepared; ";
            }
        }
        catch (DataFormatException fault)
        {
            why = $"{fault.Reason}; ";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            why = $"{fault.Message}; ";
        }

        var made = make();
        return Keep(path, made, key, why, cancellation);
    }

    private PreparedData Keep(string path, InteractionSequences made, string key, string why, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var hold = FileLock.TryAcquire(path + ".lock");
            if (hold is null)
            {
                return new PreparedData(made, null, $"prepared: {why}not kept, since another process is writing {path}");
            }

            PreparedFile.Write(path, made, key: key, cancellation: cancellation);
            var file = PreparedFile.Open(path);
            return new PreparedData(file.Sequences, file, $"prepared: {why}kept in {path}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or DataFormatException)
        {
            return new PreparedData(made, null, $"prepared: {why}not kept in the cache ({fault.Message.ReplaceLineEndings(" ")})");
        }
    }

    private static string Plain(string name)
        => string.Concat(name.Take(40).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_')).TrimStart('.');
}
