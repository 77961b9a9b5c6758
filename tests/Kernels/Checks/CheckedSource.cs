using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;
using LargeRec.Kernels.Tests.Images;

namespace LargeRec.Kernels.Tests.Checks;

/// <summary>
/// Where a fixture's devices get their kernels from, so that <c>kernels list</c> can say what was checked: it notes every text that was asked for. Called in
/// a OneTimeTearDown, <see cref="Record"/> compares them with the committed record, or, with the environment variable LARGEREC_RECORD_CHECKS set, writes them
/// there; a fixture with a failed test writes nothing.
/// </summary>
internal sealed class CheckedSource(KernelCheck check) : IKernelSource
{
    private const string RecordVariable = "LARGEREC_RECORD_CHECKS";
    private static readonly Lock Writing = new();

    private readonly IlgpuKernelSource _source = new();
    private readonly Dictionary<string, KernelImage> _loaded = [];

    public KernelImage Load(string name, KernelTarget target)
    {
        lock (_loaded)
        {
            if (!_loaded.TryGetValue(name, out var image))
            {
                _loaded[name] = image = _source.Load(name, target);
            }

            return image;
        }
    }

    public void Record()
    {
        if (TestContext.CurrentContext.Result.FailCount > 0 || _loaded.Count == 0)
        {
            return;
        }

        lock (Writing)
        {
            var record = KernelCheckRecord.Parse(File.ReadAllText(AcceptedImages.RecordPath));
            if (Environment.GetEnvironmentVariable(RecordVariable) is { Length: > 0 })
            {
                foreach (var image in _loaded.Values)
                {
                    record.Add(check, image);
                }

                File.WriteAllText(AcceptedImages.RecordPath, record.ToString());
                return;
            }

            var missing = _loaded.Values.Where(i => record.StateOf(check, i) != CheckState.Passed).Select(i => i.Name).Order(StringComparer.Ordinal);
            Assert.That(missing, Is.Empty, $"passed, but {AcceptedImages.RecordPath} does not say so: run this fixture once with {RecordVariable}=1 and "
                + "commit that file");
        }
    }
}
