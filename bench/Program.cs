using LargeRec.Bench.Attention;
using LargeRec.Bench.Products;

// Jobs by name, first argument; what follows is the job's own.
return args switch
{
    ["attention", .. var rest] => AttentionJob.Run(rest),
    ["products", .. var rest] => ProductsJob.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench attention [--only TEXT] [--seconds S] [--threads N] [--width BITS]");
    Console.Error.WriteLine("       bench products [--json FILE] [--only TEXT] [--seconds S]");
    return 2;
}
