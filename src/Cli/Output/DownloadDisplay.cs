using System.Globalization;
using LargeRec.Data.Download;

namespace LargeRec.Cli.Output;

/// <summary>Shows a download's progress on the display that other long work has.</summary>
internal sealed class DownloadDisplay(ProgressDisplay display) : IProgress<DownloadProgress>
{
    private DownloadStage? _stage;

    public void Report(DownloadProgress value)
    {
        if (value.Note is { } note)
        {
            display.Note(note);
        }
        else if (_stage != value.Stage)
        {
            _stage = value.Stage;
            display.Phase(Describe(value));
        }
        else
        {
            display.Advanced(() => Describe(value));
        }
    }

    private static string Describe(DownloadProgress progress)
    {
        var verb = progress.Stage switch
        {
            DownloadStage.Fetching => "fetching",
            DownloadStage.Verifying => "verifying",
            _ => "unpacking",
        };
        var of = progress.Total is { } total ? $" of {ByteSize.Text(total)}" : "";
        var rate = progress.BytesPerSecond > 0 ? $", {ByteSize.Text((long)progress.BytesPerSecond)}/s" : "";
        var left = progress.Remaining is { } remaining ? $", {ProgressDisplay.Duration(remaining)} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{verb}: {ByteSize.Text(progress.Bytes)}{of}{rate}{left}");
    }
}
