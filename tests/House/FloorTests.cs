using System.Xml.Linq;

namespace LargeRec.House.Tests;

/// <summary>Holds the floors of docs/layout.md: each project names only what its row allows, and nothing reaches a project through another.</summary>
public sealed class FloorTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Data"] = [],
        ["Engine"] = [],
        ["Kernels"] = ["Engine"],
        ["Autograd"] = ["Engine"],
        ["Models"] = ["Engine", "Autograd"],
        ["Retrieval"] = ["Data", "Engine", "Autograd", "Models"],
        ["Training"] = ["Data", "Engine", "Autograd", "Models", "Retrieval"],
        ["Studies"] = ["Data", "Engine", "Autograd", "Models", "Retrieval", "Training"],
        ["Cli"] = ["Data", "Engine", "Kernels", "Autograd", "Models", "Retrieval", "Training", "Studies"],
    };

    [Test]
    public void Every_project_of_src_stands_on_a_floor()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName);
        Assert.That(folders, Is.EquivalentTo(Allowed.Keys));
    }

    [TestCaseSource(nameof(Projects))]
    public void References_only_what_its_floor_allows(string project)
    {
        var document = XDocument.Load(Path.Combine(Repository.Root, "src", project, $"LargeRec.{project}.csproj"));
        var named = document.Descendants("ProjectReference")
            .Select(e => Path.GetFileNameWithoutExtension((string)e.Attribute("Include")!).Replace("LargeRec.", "", StringComparison.Ordinal));
        Assert.That(named, Is.SubsetOf(Allowed[project]));
    }

    [TestCaseSource(nameof(Projects))]
    public void Names_no_namespace_of_a_floor_it_does_not_reference(string project)
    {
        var forbidden = Allowed.Keys.Except(Allowed[project]).Where(p => p != project).Select(p => $"LargeRec.{p}").ToArray();
        foreach (var file in Repository.SourceFiles($"src/{project}"))
        {
            var text = File.ReadAllText(file);
            foreach (var name in forbidden)
            {
                Assert.That(text, Does.Not.Contain($"using {name};").And.Not.Contain($"using {name}."), $"{file} uses {name}");
            }
        }
    }

    [Test]
    public void Transitive_project_references_are_switched_off()
    {
        var props = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props"));
        Assert.That(props, Does.Contain("<DisableTransitiveProjectReferences>true</DisableTransitiveProjectReferences>"));
    }

    [Test]
    public void Only_Kernels_names_ILGPU()
    {
        foreach (var folder in Allowed.Keys.Where(p => p != "Kernels"))
        {
            foreach (var file in Repository.SourceFiles($"src/{folder}"))
            {
                Assert.That(File.ReadAllText(file), Does.Not.Contain("using ILGPU").And.Not.Contain("ILGPU."), file);
            }

            var project = Path.Combine(Repository.Root, "src", folder, $"LargeRec.{folder}.csproj");
            Assert.That(File.ReadAllText(project), Does.Not.Contain("ILGPU"), project);
        }
    }

    private static IEnumerable<string> Projects() => Allowed.Keys;
}
