using LargeRec.Studies.Definition;
using LargeRec.Studies.Running;

namespace LargeRec.Studies.Tests;

/// <summary>What is said to be left.</summary>
public sealed class CellScheduleTests
{
    private readonly StudyCell[] _cells = [.. StudyCells.Of(StudyReader.Read(
        """{ "study": "ablation", "base": "synthetic/hstu", "axes": { "model.layers": [1, 2] } }""", "study.json"))];

    [Test]
    public void Without_estimates_no_time_is_named_before_a_cell_has_ended()
    {
        var schedule = new CellSchedule([.. _cells.Select(cell => (cell, (CellEstimate?)null))], 0, 1, long.MaxValue);
        var cell = schedule.Take(CancellationToken.None)!;
        schedule.Report(cell, 0.5);
        Assert.That(schedule.Progress.Remaining, Is.Null);
        schedule.End(cell, 90);
        Assert.That(schedule.Progress.Remaining, Is.EqualTo(TimeSpan.FromSeconds(90)));
    }

    [Test]
    public void With_estimates_it_is_their_sum_corrected_by_what_cells_take()
    {
        var schedule = new CellSchedule([.. _cells.Select(cell => (cell, (CellEstimate?)new CellEstimate(10, 1, 1, 1)))], 0, 1, long.MaxValue);
        Assert.That(schedule.Progress.Remaining, Is.EqualTo(TimeSpan.FromSeconds(20)));
        schedule.End(schedule.Take(CancellationToken.None)!, 30);
        Assert.That(schedule.Progress.Remaining, Is.EqualTo(TimeSpan.FromSeconds(30)));
    }
}
