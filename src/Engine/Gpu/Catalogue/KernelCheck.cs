namespace LargeRec.Engine.Gpu.Catalogue;

/// <summary>How a kernel is checked where no GPU is: five ways, none of which trusts another.</summary>
public enum KernelCheck
{
    /// <summary>PoCL runs its OpenCL text on a CPU: results against float64.</summary>
    Pocl,

    /// <summary>The tests' interpreter executes its PTX: results against float64, races, bounds.</summary>
    Interpreter,

    /// <summary>oclgrind interprets its OpenCL text: races, bounds, uninitialised reads.</summary>
    Oclgrind,

    /// <summary>The lint finds nothing in its texts for all targets, and they are the accepted ones.</summary>
    Texts,

    /// <summary>The CUDA host path loads and launches it through a driver that stands in.</summary>
    StandIn,
}
