using System.Diagnostics;
using LargeRec.Data.Events;
using LargeRec.Training;

namespace LargeRec.Cli.Output;

/// <summary>One line at the bottom of the terminal, rewritten in place and cut to its width; notes scroll above it.</summary>
/// <param name="isShared">Others write to the terminal too: a whole line every few seconds takes the live one's place.</param>
internal sealed class TerminalProgress(bool isShared = false) : ProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan IntervalOfLines = TimeSpan.FromSeconds(5);

    /// <summary>Columns of the "^C" that terminals write behind the line.</summary>
    private const int EchoOfControlC = 2;

    private readonly Stopwatch _sinceDrawn = Stopwatch.StartNew();
    private int _drawn;

    public override void Phase(string description) => Draw(description);

    public override void Note(string line)
    {
        Clear();
        foreach (var part in DisplayText.Wrap(OneLine.Of(line), ConsoleWidth.OfTerminal(), indent: 4))
        {
            Console.Error.WriteLine(part);
        }
    }

    public override void Advanced(Func<string> line)
    {
        if (IsDue)
        {
            Draw(line());
        }
    }

    public override void Stepped(TrainingProgress progress)
    {
        if (progress.Step == 1 || IsDue)
        {
            Draw(Describe(progress));
        }
    }

    public override void Ranked(string split, int done, int examples)
    {
        if (done == examples || IsDue)
        {
            Draw(Describe(split, done, examples));
        }
    }

    public override void Pause()
    {
        if (_drawn > 0)
        {
            Clear();
        }
    }

    protected override void End() => Clear();

    private bool IsDue => _sinceDrawn.Elapsed >= (isShared ? IntervalOfLines : Interval);

    private void Draw(string line)
    {
        if (isShared)
        {
            if (IsDue)
            {
                Note(line);
                _sinceDrawn.Restart();
            }

            return;
        }

        // The last column stays free: a line that fills it makes some terminals go on in the next.
        var shown = DisplayText.Cut(OneLine.Of(line), ConsoleWidth.OfTerminal() - EchoOfControlC - 1);
        Console.Error.Write("\r" + shown.PadRight(_drawn));
        _drawn = shown.Length;
        _sinceDrawn.Restart();
    }

    private void Clear()
    {
        Console.Error.Write("\r" + new string(' ', _drawn + EchoOfControlC) + "\r");
        _drawn = 0;
    }
}
