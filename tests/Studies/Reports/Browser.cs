using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace LargeRec.Studies.Tests.Reports;

/// <summary>A chromium without a window; tests without one are skipped and say so.</summary>
internal sealed class Browser
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly string _program;
    private readonly string _folder;

    /// <param name="folder">For its own files.</param>
    public Browser(string folder)
    {
        _folder = folder;
        var places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var found = Names.SelectMany(name => places.Select(place => Path.Combine(place, name))).FirstOrDefault(File.Exists);
        if (found is null)
        {
            Assert.Ignore("no chromium is installed: pages are not looked at");
        }

        _program = found!;
    }

    /// <summary>A page in a frame of a telephone's or a screen's width, in light or dark: what is seen, and the width that its content takes.</summary>
    public (PngPicture Picture, int ContentWidth) Look(string html, int width, bool isDark)
    {
        const int Height = 3000;
        var page = Path.Combine(_folder, $"page-{width}-{isDark}.html");
        File.WriteAllText(
            page,
            $"<!DOCTYPE html><body style=\"margin:0\"><iframe id=\"f\" style=\"border:0;width:{width}px;height:{Height}px\" "
            + $"srcdoc=\"{WebUtility.HtmlEncode(html)}\">"
            + "</iframe><script>addEventListener('load', () => document.title = "
            + "'width ' + document.getElementById('f').contentDocument.documentElement.scrollWidth)</script></body>");
        var picture = Path.ChangeExtension(page, ".png");
        Run(page, width, Height, isDark, $"--screenshot={picture}");
        var title = Regex.Match(Run(page, width, Height, isDark, "--dump-dom"), @"<title>width (\d+)</title>");
        Assert.That(title.Success, "the page was not measured");
        return (PngPicture.Read(picture), int.Parse(title.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
    }

    private string Run(string page, int width, int height, bool isDark, string what)
    {
        var start = new ProcessStartInfo(_program) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1", $"--user-data-dir={_folder}/browser",
            $"--blink-settings=preferredColorScheme={(isDark ? 0 : 1)}", $"--window-size={Math.Max(width, 500)},{height}", what, $"file://{page}",
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, error.Result);
        return output;
    }
}
