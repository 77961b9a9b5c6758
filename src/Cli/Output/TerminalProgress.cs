using System.Diagnostics;
using LargeRec.Training;

namespace LargeRec.Cli.Output;

/// <summary>One line at the bottom of the terminal, rewritten in place and cut to its width; notes scroll above it.</summary>
internal sealed class TerminalProgress : ProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Stopwatch _sinceDrawn = Stopwatch.StartNew();
    private int _drawn;

    public override void Phase(string description) => Draw(description, force: true);

    public override void Note(string line)
    {
        Clear();
        Console.Error.WriteLine(line);
    }

    public override void Stepped(TrainingProgress progress)
    {
        if (progress.Step == 1 || _sinceDrawn.Elapsed > Interval)
        {
            Draw(Describe(progress), force: true);
        }
    }

    public override void Ranked(string split, int done, int examples) => Draw(Describe(split, done, examples), force: done == examples);

    protected override void End() => Clear();

    private void Draw(string line, bool force)
    {
        if (!force && _sinceDrawn.Elapsed < Interval)
        {
            return;
        }

        var width = Math.Max(20, Console.WindowWidth - 1);
        var shown = line.Length > width ? line[..width] : line;
        Console.Error.Write("\r" + shown.PadRight(_drawn));
        _drawn = shown.Length;
        _sinceDrawn.Restart();
    }

    private void Clear()
    {
        if (_drawn > 0)
        {
            Console.Error.Write("\r" + new string(' ', _drawn) + "\r");
            _drawn = 0;
        }
    }
}
