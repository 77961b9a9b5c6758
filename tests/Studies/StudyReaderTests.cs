using LargeRec.Retrieval.Configuration;
using LargeRec.Studies.Definition;

namespace LargeRec.Studies.Tests;

/// <summary>What a study's file may hold, and which line comes of what it may not.</summary>
public sealed class StudyReaderTests
{
    [Test]
    public void Every_study_that_comes_with_the_program_can_be_used()
    {
        Assert.That(EmbeddedStudies.Names, Is.SupersetOf(new[] { "ablation", "parameters", "scaling" }));
        foreach (var name in EmbeddedStudies.Names)
        {
            var (text, origin) = EmbeddedStudies.Find(name);
            Assert.That(StudyCells.Of(StudyReader.Read(text, origin)), Is.Not.Empty, name);
        }
    }

    [Test]
    public void Cells_are_all_combinations_of_keys_joined_keys_groups_and_seeds()
    {
        var cells = Cells("""
            { "study": "ablation", "base": "synthetic/hstu",
              "axes": { "model.layers": [1, 2], "model.width=model.dqk=model.dv": [8, 16], "bias": { "full": {}, "none": { "model.bias": "none" } } },
              "seeds": [1, 2, 3],
              "also": [ { "set": { "training.epochs": 7 }, "axes": { "model.layers": [5] } } ] }
            """);
        Assert.That(cells, Has.Count.EqualTo((2 * 2 * 2 * 3) + 1));
        Assert.That(cells[0].Name, Is.EqualTo("layers-1_width-8_bias-full_seed-1"));
        Assert.That(cells[1].Configuration.Training.Seed, Is.EqualTo(2));
        Assert.That(cells[4].Configuration.Model.Bias, Is.EqualTo(BiasSetting.None));
        Assert.That(cells.Select(cell => cell.Configuration.Model).All(model => model.Layers == 5 || (model.Width == model.Dqk && model.Dqk == model.Dv)));
        Assert.That((cells[^1].Name, cells[^1].Configuration.Training.Epochs), Is.EqualTo(("layers-5", 7)));
        Assert.That(cells.Select(cell => cell.Name), Is.Unique);
    }

    [Test]
    public void A_configuration_that_comes_twice_is_one_cell() => Assert.That(
        Cells("""{ "study": "scaling", "base": "synthetic/hstu", "axes": { "model.layers": [1, 2] }, "also": [ { "axes": { "model.layers": [2, 3] } } ] }""")
            .Select(cell => cell.Name),
        Is.EqualTo(new[] { "layers-1", "layers-2", "layers-3" }));

    [Test]
    public void What_is_written_is_read_back_as_the_same_cells()
    {
        foreach (var name in EmbeddedStudies.Names)
        {
            var study = StudyReader.Read(EmbeddedStudies.Find(name).Text, name);
            var again = StudyReader.Read(StudyWriter.ToJson(study), "again");
            Assert.That(
                StudyCells.Of(again).Select(cell => (cell.Name, ConfigurationWriter.ToJson(cell.Configuration))),
                Is.EqualTo(StudyCells.Of(study).Select(cell => (cell.Name, ConfigurationWriter.ToJson(cell.Configuration)))), name);
        }
    }

    [TestCase("""{ "study": "scale", "base": "synthetic/hstu" }""", "study is \"scale\"; it must be one of scaling, ablation, parameters")]
    [TestCase("""{ "base": "synthetic/hstu" }""", "study is missing")]
    [TestCase("""{ "study": "scaling" }""", "base is missing")]
    [TestCase("""{ "study": "scaling", "base": "synthetik/hstu" }""", "synthetic/hstu")]
    [TestCase("""{ "study": "scaling", "base": "synthetic/hstu", "axis": {} }""", "unknown key 'axis': did you mean 'axes'?")]
    [TestCase("""{ "study": "scaling", "base": "synthetic/hstu", "axes": { "model.layer": [1] } }""",
        "axis 'model.layer': unknown key 'model.layer': did you mean 'model.layers'?")]
    [TestCase("""{ "study": "scaling", "base": "synthetic/hstu", "axes": { "model.layers": [0] } }""",
        "axis 'model.layers': model.layers is 0; it must be at least 1")]
    [TestCase("""{ "study": "scaling", "base": "synthetic/hstu", "axes": { "model.layers": ["two"] } }""", "it must be a whole number")]
    [TestCase("""{ "study": "scaling", "base": "synthetic/hstu", "axes": { "model.layers": [] } }""", "axes.model.layers has no value")]
    [TestCase("""{ "study": "scaling", "base": "synthetic/hstu", "axes": { "model.layers": [2, 2] } }""", "axes.model.layers has 2 twice")]
    [TestCase("""{ "study": "scaling", "base": "synthetic/hstu", "axes": { "size": [1] } }""", "groups of keys are an object")]
    [TestCase("""{ "study": "scaling", "base": "synthetic/hstu", "set": { "training.epoch": 3 } }""", "did you mean 'training.epochs'?")]
    [TestCase("""{ "study": "scaling", "base": "synthetic/hstu", "metrics": [] }""", "metrics is []")]
    [TestCase("""{ "study": "scaling", """, "line 1: not valid JSON")]
    public void What_cannot_be_used_is_one_line(string text, string part)
    {
        var fault = Assert.Throws<ConfigurationException>(() => Cells(text))!;
        Assert.That(fault.Message, Does.Contain(part).And.Not.Contain("\n").And.Not.Contain("--set"));
    }

    private static IReadOnlyList<StudyCell> Cells(string text) => StudyCells.Of(StudyReader.Read(text, "study.json"));
}
