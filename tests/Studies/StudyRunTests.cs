using LargeRec.Engine.Cpu;
using LargeRec.Retrieval.Runs;
using LargeRec.Studies.Definition;
using LargeRec.Studies.Running;
using LargeRec.Training;
using Parquet;

namespace LargeRec.Studies.Tests;

/// <summary>Studies of tiny cells: what is kept, what a stop leaves, what goes on and what does not.</summary>
public sealed class StudyRunTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Start() => _folder = new TemporaryFolder();

    [TearDown]
    public void Stop() => _folder.Dispose();

    [TestCase(1)]
    [TestCase(3)]
    public void Every_cell_is_the_run_that_train_would_make_however_many_are_at_once(int parallel)
    {
        var study = Study("[1, 2]");
        var result = Execute(study, "study", parallel);
        Assert.That(result.Failures, Is.Empty);
        foreach (var cell in result.Cells)
        {
            using var device = new CpuDevice(2);
            var alone = TrainingRun.Execute(cell.Configuration, device, new TrainingRunOptions { RunDirectory = _folder[$"alone-{cell.Name}"] });
            var run = RunFolder.Open(result.Folder.PathOf(cell));
            Assert.That(File.ReadAllBytes(run.MetricsPath), Is.EqualTo(File.ReadAllBytes(alone.Folder.MetricsPath)), cell.Name);
        }
    }

    [Test]
    public void A_study_that_was_stopped_goes_on_and_trains_nothing_twice()
    {
        var study = Study("[1, 2, 3]");
        using var stop = new CancellationTokenSource();
        var observer = new Recorder { Stepped = (cell, progress) => { if (cell.Name == "layers-2" && progress.Epoch == 2) { stop.Cancel(); } } };
        Assert.That(() => Execute(study, "study", 1, observer, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        var folder = StudyFolder.Open(_folder["study"]);
        var cells = StudyCells.Of(study);
        Assert.That(cells.Select(folder.StateOf), Is.EqualTo(new[] { CellState.Finished, CellState.Begun, CellState.Waiting }));

        var again = new Recorder();
        var result = Execute(folder.ReadDefinition(), "study", 1, again);
        Assert.That(again.Started, Is.EqualTo(new[] { "layers-2", "layers-3" }));
        var whole = Execute(study, "whole", 1);
        foreach (var cell in cells)
        {
            Assert.That(
                File.ReadAllBytes(RunFolder.Open(result.Folder.PathOf(cell)).MetricsPath),
                Is.EqualTo(File.ReadAllBytes(RunFolder.Open(whole.Folder.PathOf(cell)).MetricsPath)),
                cell.Name);
        }

        var nothing = new Recorder();
        Execute(study, "study", 2, nothing);
        Assert.That(nothing.Started, Is.Empty);
    }

    [Test]
    public void A_cell_that_fails_is_recorded_and_the_others_go_on()
    {
        var study = Study("[1]", """, "optimizer.learning_rate": [0.01, 3e38]""");
        var result = Execute(study, "study", 1);
        Assert.That(result.Failures.Single().Cell.Name, Is.EqualTo("layers-1_learning-rate-3e38"));
        Assert.That(result.Failures.Single().Reason, Does.StartWith("not finite: step "));
        var again = new Recorder();
        Execute(study, "study", 1, again);
        Assert.That(again.Started, Is.Empty, "the same bits would fail again");
        var csv = File.ReadAllLines(result.Folder.CsvPath);
        Assert.That(csv, Has.Length.EqualTo(3));
        Assert.That(csv[2], Does.StartWith("layers-1_learning-rate-3e38,failed,1,3e38,").And.Contain("not finite"));
    }

    [Test]
    public void A_cell_of_another_configuration_is_not_taken_for_the_studys()
    {
        Execute(Study("[1]"), "study", 1);
        var other = Study("[1]", set: "\"training.epochs\": 4");
        Assert.That(
            () => Execute(other, "study", 1),
            Throws.InstanceOf<RunFolderException>().With.Message.Contains("training.epochs is 3 in this cell's run and 4 in the study"));
        Directory.CreateDirectory(_folder["other"]);
        File.WriteAllText(Path.Combine(_folder["other"], "notes.txt"), "mine");
        Assert.That(() => StudyFolder.At(_folder["other"]), Throws.InstanceOf<RunFolderException>().With.Message.Contains("something other than a study"));
    }

    [Test]
    public async Task The_table_holds_the_summaries_as_CSV_and_as_Parquet()
    {
        var result = Execute(Study("[1, 2]"), "study", 2);
        var (table, _) = result.WriteResults();
        var summary = RunSummary.Read(RunFolder.Open(result.Folder.PathOf(result.Cells[1])).SummaryPath);
        object? Value(string column) => table.Columns.Single(c => c.Name == column).Values[1];
        Assert.That(Value("model.layers"), Is.EqualTo("2"));
        Assert.That(Value("ndcg@10"), Is.EqualTo(summary.Test["ndcg@10"]));
        Assert.That(Value("parameters"), Is.EqualTo(summary.Cost!.Parameters));
        Assert.That(Value("hr@10_high"), Is.EqualTo(summary.Intervals["test"]["hr@10"][1]));
        await using var stream = File.OpenRead(result.Folder.ParquetPath);
        await using var reader = await ParquetReader.CreateAsync(stream);
        Assert.That(reader.Schema.Fields.Select(field => field.Name), Is.EqualTo(table.Columns.Select(column => column.Name)));
        Assert.That(reader.Metadata!.NumRows, Is.EqualTo(2));
        var report = File.ReadAllText(result.Folder.ReportPath);
        Assert.That(report, Does.Contain("layers-1").And.Contain("layers-2").And.Contain("no fit: ").And.Contain("<svg").And.Not.Contain("http"));
    }

    private StudyResult Execute(StudyDefinition study, string name, int parallel, IStudyObserver? observer = null, CancellationToken cancellation = default) =>
        new StudyRun(study, StudyFolder.At(_folder[name]), new StudyOptions { Parallel = parallel }, threads =>
            new CpuDevice(threads), observer).Execute(cancellation);

    private static StudyDefinition Study(string layers, string axes = "", string set = "\"training.epochs\": 3") => StudyReader.Read(
        $$"""
        { "study": "scaling", "base": "synthetic/hstu", "axes": { "model.layers": {{layers}}{{axes}} },
          "set": { "data.generator.users": 60, "data.generator.items": 40, "data.max_length": 12, "model.width": 8, "model.dqk": 8, "model.dv": 8,
            "loss.negatives": 8, "training.batch_size": 16, "evaluation.bootstrap": 20, {{set}} } }
        """,
        "study.json");

    private sealed class Recorder : IStudyObserver
    {
        public List<string> Started { get; } = [];

        public Action<StudyCell, TrainingProgress>? Stepped { get; init; }

        public void CellStarted(StudyCell cell)
        {
            lock (Started)
            {
                Started.Add(cell.Name);
            }
        }

        public void CellStepped(StudyCell cell, TrainingProgress progress, StudyProgress study) => Stepped?.Invoke(cell, progress);
    }
}
