using LargeRec.Bench.Products;

// Jobs by name, first argument; what follows is the job's own.
return args switch
{
    ["products", .. var rest] => ProductsJob.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench products [--json FILE] [--only TEXT] [--seconds S]");
    return 2;
}
