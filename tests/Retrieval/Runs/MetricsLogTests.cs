using CsCheck;
using LargeRec.Retrieval.Runs;

namespace LargeRec.Retrieval.Tests.Runs;

public sealed class MetricsLogTests
{
    [Test]
    public void A_line_is_the_fixed_fields_and_the_metrics_in_order()
    {
        using var folder = new TemporaryFolder();
        MetricsLog.Append(folder["m"], Record(48, 1, "train", ("loss", 0.1f), ("hr@10", 1e-9), ("mrr", 0)));
        Assert.That(File.ReadAllText(folder["m"]),
            Is.EqualTo("{\"step\":48,\"epoch\":1,\"split\":\"train\",\"loss\":0.10000000149011612,\"hr@10\":1E-09,\"mrr\":0}\n"));
    }

    [Test]
    public void Every_finite_number_is_read_back_exactly()
    {
        using var folder = new TemporaryFolder();
        var file = 0;
        Gen.Double.Where(double.IsFinite).Array[0, 5].Sample(values =>
        {
            var path = folder[$"m{Interlocked.Increment(ref file)}"];
            var written = Record(1, 1, "test", [.. values.Select((v, i) => ($"metric {i}", v))]);
            MetricsLog.Append(path, written);
            return MetricsLog.Read(path).Single().Metrics.SequenceEqual(written.Metrics);
        }, iter: 100);
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void A_number_that_is_not_finite_is_an_error_and_nothing_is_written(double value)
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => MetricsLog.Append(folder["m"], Record(7, 1, "train", ("loss", value))),
            Throws.TypeOf<RunFolderException>().With.Message.Contains("loss at step 7 (train) is"));
        Assert.That(folder["m"], Does.Not.Exist);
    }

    [TestCase("loss", "loss")]
    [TestCase("step", "loss")]
    public void A_name_used_twice_is_an_error(string first, string second)
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => MetricsLog.Append(folder["m"], Record(7, 1, "train", (first, 1), (second, 2))),
            Throws.TypeOf<RunFolderException>().With.Message.Contains($"'{first}' twice"));
    }

    [Test]
    public void A_last_line_that_was_cut_counts_as_absent()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["m"], "{\"step\":1,\"epoch\":1,\"split\":\"train\",\"loss\":2}\n{\"step\":2,\"epoch\":1,\"spl");
        var read = MetricsLog.Read(folder["m"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read, Has.Count.EqualTo(1));
            Assert.That(read[0].Find("loss"), Is.EqualTo(2));
            Assert.That(read[0].Find("mrr"), Is.Null);
        }
    }

    [Test]
    public void Cutting_back_keeps_what_was_there_at_the_step_byte_by_byte()
    {
        using var folder = new TemporaryFolder();
        for (var step = 1; step <= 3; step++)
        {
            MetricsLog.Append(folder["m"], Record(step, 1, "train", ("loss", 1.0 / step)));
            if (step == 2)
            {
                File.Copy(folder["m"], folder["expected"]);
            }
        }

        File.AppendAllText(folder["m"], "{\"ste");
        MetricsLog.CutBack(folder["m"], 2);
        MetricsLog.CutBack(folder["absent"], 2);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.ReadAllBytes(folder["m"]), Is.EqualTo(File.ReadAllBytes(folder["expected"])));
            Assert.That(folder["absent"], Does.Not.Exist);
        }
    }

    [TestCase("nonsense")]
    [TestCase("{\"step\":1}")]
    [TestCase("{\"step\":1,\"epoch\":1,\"split\":null}")]
    [TestCase("{\"step\":1,\"epoch\":1,\"split\":\"train\",\"loss\":\"x\"}")]
    [TestCase("{\"step\":1,\"epoch\":1,\"split\":\"train\",\"loss\":1e999}")]
    [TestCase("{\"step\":1,\"epoch\":1,\"split\":\"train\",\"loss\":1,\"loss\":2}")]
    [TestCase("{\"step\":1,\"step\":1,\"epoch\":1,\"split\":\"train\"}")]
    [TestCase("\0\u001b")]
    [TestCase("[]")]
    public void A_damaged_line_is_named(string line)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["m"], "{\"step\":1,\"epoch\":1,\"split\":\"train\"}\n" + line + "\n");
        Assert.That(() => MetricsLog.Read(folder["m"]), Throws.TypeOf<RunFolderException>().With.Message.StartsWith($"{folder["m"]} line 2: ")
            .And.Message.Matches("^\\P{Cc}*$"));
    }

    private static MetricsRecord Record(long step, int epoch, string split, params (string Name, double Value)[] metrics) =>
        new(step, epoch, split, [.. metrics.Select(m => KeyValuePair.Create(m.Name, m.Value))]);

    [Test]
    public void Cut_back_to_a_length_what_came_later_is_gone()
    {
        using var folder = new TemporaryFolder();
        var path = folder["metrics.jsonl"];
        Assert.That(MetricsLog.Flush(path), Is.Zero, "missing");
        MetricsLog.CutBackToLength(path, 0);
        Assert.That(path, Does.Not.Exist);
        MetricsLog.Append(path, new MetricsRecord(1, 1, "train", [KeyValuePair.Create("loss", 2.0)]));
        var length = MetricsLog.Flush(path);
        var before = File.ReadAllText(path);
        Assert.That(length, Is.EqualTo(before.Length));
        MetricsLog.Append(path, new MetricsRecord(1, 1, "test", [KeyValuePair.Create("mrr", 0.5)]));
        MetricsLog.CutBackToLength(path, length);
        Assert.That(File.ReadAllText(path), Is.EqualTo(before));
        Assert.That(
            () => MetricsLog.CutBackToLength(path, length + 1),
            Throws.TypeOf<RunFolderException>()
            .With.Message.EqualTo($"{path}: has {length} bytes, the checkpoint knows of {length + 1}: it is cut short or was changed"));
    }
}
