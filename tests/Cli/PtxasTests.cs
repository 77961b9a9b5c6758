using LargeRec.Cli.Commands.Kernels;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Cli.Tests;

/// <summary>What is made of an assembler's words; a script stands in its place, since the machines that build have none.</summary>
public sealed class PtxasTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Registers_and_spills_are_read_from_what_ptxas_says() => Assert.Multiple(() =>
    {
        Assert.That(
            Ptxas.Parse("""
                ptxas info    : Compiling entry function 'Kernel' for 'sm_80'
                ptxas info    : Function properties for Kernel
                    16 bytes stack frame, 24 bytes spill stores, 32 bytes spill loads
                ptxas info    : Used 255 registers, 47112 bytes smem, 564 bytes cmem[0]
                """),
            Is.EqualTo((255, 24)));
        Assert.That(Ptxas.Parse("ptxas info    : Used 40 registers"), Is.EqualTo((40, 0)));
        Assert.That(Ptxas.Parse(""), Is.Null);
    });

    [Test]
    public void What_an_assembler_refuses_is_named_with_its_words()
    {
        if (!File.Exists("/bin/sh"))
        {
            Assert.Ignore("/bin/sh does not exist");
        }

        var image = new KernelImage("some.kernel.plain", KernelTarget.Sm90a, "Kernel", [], ".version 8.0");
        Assert.That(Ptxas.Assemble(Script("echo \"Used 7 registers for $2\" >&2"), image), Is.EqualTo((7, 0)));
        Assert.That(
            () => Ptxas.Assemble(Script("echo fatal; exit 1"), image),
            Throws.InvalidOperationException.With.Message.Contains("some.kernel.plain: ").And.Message.EndsWith("refuses it: fatal"));
    }

    private string Script(string command)
    {
        _folder.Write("ptxas", $"#!/bin/sh\n{command}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder["ptxas"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return _folder["ptxas"];
    }
}
