using System.Diagnostics;
using LargeRec.Training;

namespace LargeRec.Cli.Output;

/// <summary>Plain lines, a progress line every few seconds: for logs and pipes.</summary>
internal sealed class PlainProgress : ProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _sinceLine = Stopwatch.StartNew();
    private bool _any;

    public override void Phase(string description) => Note(description);

    public override void Note(string line) => Console.Error.WriteLine(line);

    public override void Stepped(TrainingProgress progress) => Now(() => Describe(progress));

    public override void Ranked(string split, int done, int examples) => Now(() => Describe(split, done, examples));

    private void Now(Func<string> line)
    {
        if (_any && _sinceLine.Elapsed < Interval)
        {
            return;
        }

        _any = true;
        _sinceLine.Restart();
        Note(line());
    }
}
