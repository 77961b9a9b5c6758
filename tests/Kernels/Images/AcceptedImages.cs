using LargeRec.Engine.Gpu.Catalogue;

namespace LargeRec.Kernels.Tests.Images;

/// <summary>The committed texts and the record of checks, in the checkout that the tests were built from.</summary>
internal static class AcceptedImages
{
    public static string Folder { get; } = Path.Combine(FindRoot(), "src", "Kernels", "Images");

    public static string RecordPath { get; } = Path.Combine(Folder, KernelCheckRecord.FileName);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LargeRec.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("LargeRec.sln was not found above the test assembly.");
    }
}
