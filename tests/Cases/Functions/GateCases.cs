using LargeRec.Engine.Operations.Pointwise;

namespace LargeRec.Cases.Functions;

/// <summary>The functions that models gate with.</summary>
public static class GateCases
{
    public static IEnumerable<OperationCase> All
    {
        get
        {
            foreach (var (rows, columns) in new[] { (0, 5), (1, 1), (3, 7), (17, 50) })
            {
                yield return new GateCase<Silu>(rows, columns, Rows.Silu);
                yield return new GateCase<Identity>(rows, columns, x => x, sliced: rows == 3);
            }

            yield return new GateCase<Silu>(5, 33, Rows.Silu, sliced: true);
            yield return new GateCase<Sigmoid>(5, 33, x => 1 / (1 + Math.Exp(-x)));
        }
    }
}
