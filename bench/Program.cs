using LargeRec.Bench;
using LargeRec.Bench.Attention;
using LargeRec.Bench.Growth;
using LargeRec.Bench.Inference;
using LargeRec.Bench.Operations;
using LargeRec.Bench.Paired;
using LargeRec.Bench.Products;
using LargeRec.Bench.Step;

// Jobs by name, first argument; what follows is the job's own.
return args switch
{
    ["attention", .. var rest] => AttentionJob.Run(rest),
    ["benchmarks", .. var rest] => BenchmarksJob.Run(rest),
    ["growth", .. var rest] => GrowthJob.Run(rest),
    ["inference", .. var rest] => InferenceJob.Run(rest),
    ["memory"] => MemoryJob.Run(),
    ["operations", .. var rest] => OperationsJob.Run(rest),
    ["paired", .. var rest] => PairedJob.Run(rest),
    ["products", .. var rest] => ProductsJob.Run(rest),
    ["readme"] => ReadmeJob.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench attention [--only TEXT] [--seconds S] [--threads N] [--width BITS]");
    Console.Error.WriteLine("       bench benchmarks [--case TEXT] [options of BenchmarkDotNet: --filter GLOB, ...]");
    Console.Error.WriteLine("       bench growth [tokens] [length] [catalogue] [threads] [layers] [--threads N] [--steps N] [--least SIZE] [--most SIZE] "
        + "[--optimizer NAME]");
    Console.Error.WriteLine("                    [--sequences N] [--length N] (of the catalogue's batches)");
    Console.Error.WriteLine("       bench inference [--only ranking|encoder] [--items N] [--columns N] [--calls N] [--threads N] [--width BITS]");
    Console.Error.WriteLine("       bench memory");
    Console.Error.WriteLine("       bench operations [--threads N]");
    Console.Error.WriteLine($"       bench paired step|layer|evaluation|inference [--setting {JobSetting.Names}] [--peers tuned,plain] [--pairs N] [--turn "
        + $"RUNS] [--threads N] [--users N] [--json FILE]");
    Console.Error.WriteLine("       bench products [--json FILE] [--only TEXT] [--seconds S] [--threads N] [--width BITS] [--alone]");
    Console.Error.WriteLine("       bench readme");
    return 2;
}
