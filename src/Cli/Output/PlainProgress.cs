using System.Diagnostics;
using LargeRec.Data.Events;
using LargeRec.Training;

namespace LargeRec.Cli.Output;

/// <summary>Plain lines, a progress line every few seconds: for logs and pipes.</summary>
internal sealed class PlainProgress : ProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _sinceLine = Stopwatch.StartNew();

    public override void Phase(string description) => Note(description);

    public override void Note(string line) => Console.Error.WriteLine(OneLine.Of(line));

    public override void Advanced(Func<string> line)
    {
        if (_sinceLine.Elapsed >= Interval)
        {
            Line(line());
        }
    }

    public override void Stepped(TrainingProgress progress)
    {
        if (progress.Step == 1 || _sinceLine.Elapsed >= Interval)
        {
            Line(Describe(progress));
        }
    }

    public override void Ranked(string split, int done, int examples)
    {
        if (_sinceLine.Elapsed >= Interval)
        {
            Line(Describe(split, done, examples));
        }
    }

    private void Line(string line)
    {
        _sinceLine.Restart();
        Note(line);
    }
}
