using System.Text.Json;
using LargeRec.Engine.Profiling;
using LargeRec.Retrieval.Configuration;

namespace LargeRec.Training.Tests;

/// <summary>A profiled run: every function of the step is in it, it adds up, and it learns what a run without one learns.</summary>
public sealed class ProfileTests : RunFixture
{
    private const int Steps = 3;

    [Test]
    public void Every_function_is_seen_in_both_directions_and_the_stretches_fill_the_steps()
    {
        var profile = Execute("run", Steps).Profile!;
        Assert.That(profile.Steps.Select(s => s.Number), Is.EqualTo(new long[] { 6, 7, 8 }));
        foreach (var step in profile.Steps)
        {
            Assert.That(step.Stretches.Sum(s => s.Duration.TotalMilliseconds), Is.EqualTo(step.Duration.TotalMilliseconds).Within(1e-6));
            var gaps = step.Stretches.Zip(step.Stretches.Skip(1), (a, b) => b.Start - (a.Start + a.Duration));
            Assert.That(gaps, Is.All.EqualTo(TimeSpan.Zero));
        }

        var rows = profile.Rows();
        Assert.That(rows.Sum(r => r.Share), Is.EqualTo(1).Within(1e-9));
        var layers = TinyRun.Configuration().Model.Layers;
        foreach (var (name, calls) in new[] { ("layer norm", layers), ("hstu attention", layers), ("gated layer norm", layers), ("linear", layers),
            ("sampled softmax", 1) })
        {
            foreach (var phase in new[] { ProfilePhase.Forward, ProfilePhase.Backward })
            {
                Assert.That(rows.Single(r => (r.Name, r.Phase) == (name, phase)).Calls, Is.EqualTo(Steps * calls), $"{name}, {phase}");
            }
        }

        var others = new[] { ("wait for batch", ProfilePhase.Data), ("upload", ProfilePhase.Data), ("negatives", ProfilePhase.Forward),
            ("gradient norm", ProfilePhase.Update), ("optimizer", ProfilePhase.Update) };
        Assert.That(rows.Select(r => (r.Name, r.Phase)), Is.SupersetOf(others));
    }

    [Test]
    public void The_trace_has_each_step_and_within_it_what_it_did()
    {
        var result = Execute("run", Steps);
        using var json = JsonDocument.Parse(File.ReadAllBytes(result.Folder.ProfilePath));
        var events = json.RootElement.GetProperty("traceEvents").EnumerateArray().Where(e => Text(e, "ph") == "X").ToArray();
        var steps = events.Where(e => Text(e, "cat") == "step").ToArray();
        Assert.That(steps.Select(e => Text(e, "name")), Is.EqualTo(new[] { "step 6", "step 7", "step 8" }));
        Assert.That(events, Has.Length.EqualTo(Steps + result.Profile!.Steps.Sum(s => s.Stretches.Count)));
        foreach (var stretch in events)
        {
            Assert.That(steps.Any(s => Number(s, "ts") <= Number(stretch, "ts") && Number(stretch, "ts") + Number(stretch, "dur") <= Number(s, "ts")
                + Number(s, "dur") + 1e-3));
        }

        var table = json.RootElement.GetProperty("otherData").GetProperty("table").EnumerateArray();
        Assert.That(table.Select(r => Text(r, "name")), Is.EqualTo(result.Profile.Rows().Select(r => r.Name)));
    }

    [Test]
    public void A_profile_changes_nothing_of_what_is_learned()
    {
        Execute("profiled", Steps);
        Execute("plain", 0);
        Assert.That(File.Exists(Folder["plain/profile.json"]), Is.False);
        EqualRuns.AssertEqual(Folder["profiled"], Folder["plain"], "profiled");
        Assert.That(Device.Profile, Is.Null);
    }

    [Test]
    public void More_steps_than_the_run_has_are_refused_before_there_is_a_folder()
    {
        Assert.That(() => Execute("run", 1000), Throws.InstanceOf<ConfigurationException>()
            .With.Message.StartsWith("profile: 1000 steps after 5 that warm up are 1005, and the run has"));
        Assert.That(Folder.Entries, Is.Empty);
    }

    [Test]
    public void A_training_that_breaks_off_leaves_the_device_without_a_profile()
    {
        Assert.That(
            () => TrainingRun.Execute(
                TinyRun.Configuration(), Device, new TrainingRunOptions { RunDirectory = Folder["run"], ProfiledSteps = Steps }, new Breaking(atStep: 7)),
            Throws.InvalidOperationException.With.Message.EqualTo("no more"));
        Assert.That(Device.Profile, Is.Null);
    }

    [Test]
    public void Collecting_rows_is_seen_where_gradients_are_by_row()
    {
        var result = TrainingRun.Execute(
            TinyRun.Configuration("optimizer.table=lazy-adamw"), Device, new TrainingRunOptions { RunDirectory = Folder["run"], ProfiledSteps = Steps });
        Assert.That(result.Profile!.Rows().Single(r => r.Name == "collect rows").Calls, Is.EqualTo(Steps));
    }

    private sealed class Breaking(long atStep) : ITrainingObserver
    {
        public void Stepped(TrainingProgress progress)
        {
            if (progress.Step == atStep)
            {
                throw new InvalidOperationException("no more");
            }
        }
    }

    private TrainingResult Execute(string name, int profiledSteps) => TrainingRun.Execute(
        TinyRun.Configuration("optimizer.clip_norm=1"), Device, new TrainingRunOptions { RunDirectory = Folder[name], ProfiledSteps = profiledSteps });

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();
}
