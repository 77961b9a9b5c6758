using LargeRec.Autograd;
using LargeRec.Engine;

namespace LargeRec.Cases;

/// <summary>Runs a case forward and backward on a device and leaves nothing there.</summary>
public static class CaseRunner
{
    /// <summary>The case's inputs as variables in memory that outlives steps; differentiable ones are leaves.</summary>
    public static Named<Variable> Upload(OperationCase operation, Device device)
    {
        var variables = new List<Variable>();
        foreach (var input in operation.Inputs)
        {
            var tensor = device.AllocatePersistent(input.Shape);
            device.Upload(input.Values, tensor);
            variables.Add(input.IsDifferentiable ? Variable.Leaf(tensor) : Variable.Constant(tensor));
        }

        return new(operation.InputNames, variables);
    }

    /// <summary>Frees what <see cref="Upload"/> made.</summary>
    public static void Release(OperationCase operation, Named<Variable> variables)
    {
        foreach (var name in operation.InputNames)
        {
            var variable = variables[name];
            var device = variable.Value.Device;
            if (variable.Gradient is { } gradient)
            {
                device.Release(gradient);
            }

            device.Release(variable.Value);
        }
    }

    /// <summary>The output and, for the random upstream gradient w of L = Σ w·output, every gradient.</summary>
    public static CaseResult Run(OperationCase operation, Device device)
    {
        var variables = Upload(operation, device);
        try
        {
            using var step = device.BeginStep();
            var tape = new Tape(device);
            var output = operation.Run(tape, variables);
            var values = output.Value.ToArray();
            var upstream = CaseNumbers.Normal($"{operation.Name} upstream", values.Length);
            tape.Backward(output, device.Upload(upstream, output.Shape));
            return new(values, upstream, [.. operation.InputNames.Select(n => variables[n].Gradient?.ToArray())]);
        }
        finally
        {
            Release(operation, variables);
        }
    }
}
