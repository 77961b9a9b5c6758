using System.CommandLine;
using System.Reflection;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Cli.Commands.Kernels;

/// <summary>largerec kernels list: every kernel, what it runs on, and which of the five checks its present text has passed.</summary>
internal static class KernelsListCommand
{
    private const string Examples = """
        largerec kernels list
        largerec kernels list --family attention --variant tiled
        largerec kernels list --format json
        """;

    public static Command Create()
    {
        var family = Filter("--family", "FAMILY", "Kernels of this family alone.", entry => entry.Family);
        var variant = Filter("--variant", "VARIANT", "Kernels of this variant alone.", entry => entry.Variant);
        var format = SharedOptions.Format();
        var command = new ExampleCommand("list", "Every kernel: threads of a group, targets, and which checks its present text has passed.", Examples)
            { family, variant, format };
        command.SetAction((parsed, cancellation) =>
        {
            var given = SharedOptions.FormatOf(parsed.GetValue(format));
            var entries = Chosen(parsed.GetValue(family), parsed.GetValue(variant));
            var (source, record) = (KernelToolchain.Open(SharedOptions.KernelCacheOf(null, none: false)), Recorded());
            var rows = new List<KernelRow>();
            using (var progress = ProgressDisplay.Create())
            {
                progress.Phase("looking at all kernels");
                foreach (var entry in entries)
                {
                    cancellation.ThrowIfCancellationRequested();
                    rows.Add(RowOf(entry, source, record));
                }
            }

            KernelListPrinter.Print([.. rows], given);
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static Option<string?> Filter(string name, string helpName, string description, Func<KernelEntry, string> of) =>
        new Option<string?>(name) { Description = description, HelpName = helpName }.Completed(KernelCatalogue.All.Select(of).Distinct());

    private static KernelEntry[] Chosen(string? family, string? variant)
    {
        Require("--family", family, [.. KernelCatalogue.All.Select(e => e.Family).Distinct()]);
        var ofFamily = KernelCatalogue.All.Where(e => family is null || e.Family == family);
        Require("--variant", variant, [.. ofFamily.Select(e => e.Variant).Distinct()]);
        return [.. ofFamily.Where(e => variant is null || e.Variant == variant)];
    }

    private static void Require(string option, string? given, string[] known)
    {
        if (given is not null && !known.Contains(given))
        {
            throw new UsageException($"{option} {given}: there is none; take {string.Join(", ", known)}");
        }
    }

    private static KernelRow RowOf(KernelEntry entry, IKernelSource source, KernelCheckRecord record)
    {
        var images = new Dictionary<KernelTarget, KernelImage?>();
        return new KernelRow
        {
            Kernel = entry.Name,
            Family = entry.Family,
            Variant = entry.Variant,
            GroupSize = entry.GroupSize,
            Targets = [.. entry.Targets.Select(KernelTargets.Name)],
            Checks = Enum.GetValues<KernelCheck>().ToDictionary(KernelListPrinter.NameOf, check => record.StateOf(check, ImageOf)),
        };

        KernelImage? ImageOf(KernelTarget target)
        {
            if (!entry.Targets.Contains(target))
            {
                return null;
            }

            if (!images.TryGetValue(target, out var image))
            {
                images[target] = image = source.Load(entry.Name, target);
            }

            return image;
        }
    }

    /// <summary>What the tests wrote, as of when this program was built.</summary>
    private static KernelCheckRecord Recorded()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("kernel-checks.txt")!;
        using var reader = new StreamReader(stream);
        return KernelCheckRecord.Parse(reader.ReadToEnd());
    }
}
