using System.CommandLine;
using LargeRec.Cli.Help;
using LargeRec.Cli.Output;
using LargeRec.Engine.Gpu;
using LargeRec.Engine.Gpu.Benchmarks;
using LargeRec.Engine.Gpu.Catalogue;
using LargeRec.Engine.Gpu.Images;

namespace LargeRec.Cli.Commands.Kernels;

/// <summary>largerec kernels bench: what each variant takes on a device, beside what the device does at most.</summary>
internal static class KernelsBenchCommand
{
    private const string Description = "Time the variants of kernels on a GPU device, beside its ceilings, measured in the same run by a copy and by sums of "
        + "products.";

    private const string Examples = """
        largerec kernels bench --device cuda
        largerec kernels bench --family product --shape m=25600,n=200,k=50
        largerec kernels bench --device opencl --tune
        """;

    public static Command Create()
    {
        var family = new Option<string?>("--family")
        {
            Description = "This family alone.",
            HelpName = "FAMILY"
        }.Completed(KernelFamilies.All.Select(f => f.Name));
        var variant = new Option<string?>("--variant") { Description = "This variant alone.", HelpName = "VARIANT" }.Completed(
            KernelFamilies.All.SelectMany(f => f.Variants).Select(v => v.Name).Distinct());
        var shapes = new Option<string[]>("--shape")
        {
            Description = "A shape of the family, e.g. m=25600,n=200,k=50; repeatable; by default shapes as training has them.",
            HelpName = "SHAPE",
            AllowMultipleArgumentsPerToken = false,
        };
        var device = SharedOptions.DeviceName("opencl");
        var tune = new Option<bool>("--tune") { Description = "Keep the fastest variant of each shape in the file of --picks, for this device." };
        var picks = new Option<string?>("--picks")
        {
            Description = "The file of --tune; by default in the cache folder, where train, evaluate and recommend look for it.",
            HelpName = "FILE",
        };
        var (cacheDirectory, format) = (SharedOptions.CacheDirectory(), SharedOptions.Format());
        var command = new ExampleCommand("bench", Description, Examples) { family, variant, shapes, device, tune, picks, cacheDirectory, format };
        command.SetAction((parsed, cancellation) =>
        {
            var written = SharedOptions.FormatOf(parsed.GetValue(format));
            var chosen = Chosen(parsed.GetValue(family), parsed.GetValue(variant), parsed.GetValue(shapes) ?? []);
            var cache = SharedOptions.KernelCacheOf(parsed.GetValue(cacheDirectory), none: false);
            var file = PicksFile(parsed.GetValue(tune), parsed.GetValue(variant), parsed.GetValue(picks), cache);
            var known = file is not null && File.Exists(file) ? Load(file) : new KernelPicks();
            using var opened = DeviceChoice.Open(parsed.GetValue(device)!, 0, cache) as GpuDevice
                ?? throw new UsageException("--device cpu: it has no kernels; take opencl or cuda");
            using var progress = ProgressDisplay.Create();
            progress.Phase("ceilings of the device");
            var ceilings = DeviceCeilings.Measure(opened, cancellation);
            var bench = new KernelBench(opened, ceilings);
            var rows = new List<KernelMeasurement>();
            foreach (var (of, shape) in chosen)
            {
                foreach (var way in of.Variants.Where(v => parsed.GetValue(variant) is not { } only || v.Name == only))
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress.Phase($"{of}={way}, {of.Describe(shape)}");
                    rows.Add(bench.Measure(of, way, shape, cancellation));
                }

                Pick(known, opened.Name, of, shape, rows);
            }

            if (file is not null)
            {
                known.Save(file);
                progress.Note($"picks: {file}");
            }

            var assembler = Ptxas.Find();
            progress.Dispose();
            KernelMeasurement[] measured = [.. rows.Select(r => WithRegisters(r, assembler, KernelToolchain.Open(cache)))];
            KernelBenchPrinter.Print(new KernelBenchDocument(opened.Name, ceilings, measured, assembler), written);
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static (KernelFamily Family, KernelShape Shape)[] Chosen(string? family, string? variant, string[] shapes)
    {
        if (shapes.Length > 0 && family is null)
        {
            throw new UsageException($"--shape {shapes[0]}: say of which family: --family {string.Join(" or ", KernelFamilies.All)}");
        }

        try
        {
            KernelFamily[] families = family is null ? [.. KernelFamilies.All] : [KernelFamilies.Find(family)];
            if (variant is not null)
            {
                families = family is null ? [.. families.Where(f => f.Variants.Any(v => v.Name == variant))] : families;
                _ = families.Length == 0
                    ? throw new ArgumentException($"there is no variant '{variant}' of any family (largerec kernels list shows them)")
                    : families[0].Find(variant);
            }

            return [.. families.SelectMany(f => (shapes.Length == 0 ? KernelBench.ShapesOf(f) : shapes.Select(f.Parse)).Select(s => (f, s)))];
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    /// <summary>By the texts for sm_80, which every device that we take runs.</summary>
    private static KernelMeasurement WithRegisters(KernelMeasurement row, string? assembler, IKernelSource kernels)
    {
        if (assembler is null || row.Kernels.Count == 0)
        {
            return row;
        }

        var assembled = row.Kernels.Select(k => Ptxas.Assemble(assembler, kernels.Load(k, KernelTarget.Sm80))).ToArray();
        return row with { Registers = assembled.Max(a => a.Registers), SpilledBytes = assembled.Max(a => a.SpilledBytes) };
    }

    private static string? PicksFile(bool tune, string? variant, string? picks, string? cache)
    {
        if (!tune)
        {
            return picks is null ? null : throw new UsageException($"--picks {picks}: only --tune writes it; add --tune or leave it away");
        }

        if (variant is not null)
        {
            throw new UsageException($"--tune and --variant {variant} do not go together: of one there is nothing to pick");
        }

        SharedOptions.RequireWritable("--picks", picks);
        return picks ?? (cache is null
            ? throw new UsageException("--tune: there is no cache folder to keep its picks in; name a file with --picks FILE")
            : DeviceChoice.PicksFile(cache));
    }

    private static KernelPicks Load(string file)
    {
        try
        {
            return KernelPicks.Load(file);
        }
        catch (InvalidDataException exception)
        {
            throw new UsageException($"--picks: {exception.Message}");
        }
    }

    /// <summary>The fastest of those that were measured for a shape.</summary>
    private static void Pick(KernelPicks picks, string device, KernelFamily family, KernelShape shape, List<KernelMeasurement> rows)
    {
        var times = rows.TakeLast(family.Variants.Count).Where(r => r.Family == family.Name && r.Skipped is null)
            .ToDictionary(r => r.Variant, r => r.Milliseconds);
        if (times.Count > 0)
        {
            var sizes = family.Dimensions.Select((_, i) => shape.Class[i]).ToArray();
            picks.Add(new KernelPick(device, family.Name, sizes, times.MinBy(t => t.Value).Key, times));
        }
    }
}
