using LargeRec.Engine.Tensors;

namespace LargeRec.Autograd.Functions;

/// <summary>The rows of a table that a forward pass uses, and where among them some ids are.</summary>
/// <param name="Rows">Collected by <see cref="Variable.CollectRows"/>.</param>
/// <param name="Ids">[T], the place of each id's row; 0 stays 0.</param>
public sealed record UsedRows(RowGradient Rows, IndexTensor Ids);
