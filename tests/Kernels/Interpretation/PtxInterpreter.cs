using System.Runtime.InteropServices;
using LargeRec.Kernels.Tests.Interpretation.Execution;
using LargeRec.Kernels.Tests.Interpretation.Memory;
using LargeRec.Kernels.Tests.Interpretation.Programs;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>
/// A device that executes PTX as it is written, warp by warp, and makes an error of everything that PTX leaves undefined: see <see cref="PtxErrorKind"/>.
/// Buffers lie in a sparse address space, each with a wide guard around it. Deterministic: groups, warps and lanes run in ascending order.
/// </summary>
public sealed class PtxInterpreter
{
    private const int MaximumThreads = 1024;
    private readonly List<Segment> buffers = [];
    private int epoch;

    /// <summary>A buffer that holds <paramref name="values"/>.</summary>
    public PtxBuffer Allocate<T>(ReadOnlySpan<T> values, string name)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        var segment = new Segment(name, bytes.Length, isWritten: true);
        bytes.CopyTo(segment.Bytes);
        return Add(segment);
    }

    /// <summary>A buffer of <paramref name="count"/> elements that must be written before it is read.</summary>
    public PtxBuffer AllocateUnwritten<T>(int count, string name)
        where T : unmanaged => Add(new Segment(name, (long)count * Marshal.SizeOf<T>(), isWritten: false));

    /// <summary>Gives a buffer back: what touches it from now on is out of bounds.</summary>
    public void Free(PtxBuffer buffer)
    {
        var index = buffers.IndexOf(buffer.Segment);
        buffers[index] = new Segment($"{buffer.Segment.Name} (freed)", 0, isWritten: true);
    }

    /// <summary>Runs <paramref name="kernel"/> to its end.</summary>
    /// <exception cref="PtxException">The first fault, with the line, the instruction, the thread and the group.</exception>
    public LaunchReport Launch(PtxKernel kernel, LaunchSize grid, LaunchSize block, params ReadOnlySpan<PtxArgument> arguments) =>
        Launch(kernel, grid, block, new LaunchOptions(), arguments);

    /// <inheritdoc cref="Launch(PtxKernel, LaunchSize, LaunchSize, ReadOnlySpan{PtxArgument})"/>
    public LaunchReport Launch(PtxKernel kernel, LaunchSize grid, LaunchSize block, LaunchOptions options, params ReadOnlySpan<PtxArgument> arguments)
    {
        CheckSize(grid, block);
        var program = kernel.Program;
        var launch = new LaunchState
        {
            Program = program,
            Grid = grid,
            Block = block,
            Options = options,
            Parameters = Pack(program, arguments),
            Buffers = buffers,
            Module = [.. program.Module.Select(ModuleSegment)],
            FirstEpoch = epoch + 1,
            Epoch = epoch,
            Counts = new LaunchCounts(program.Instructions.Length),
        };
        Watch(options.WatchBuffers, program.GlobalGrain);
        var group = new ThreadGroup(launch);
        try
        {
            for (var index = 0; index < grid.Count; index++)
            {
                group.Run(index);
            }
        }
        finally
        {
            epoch = launch.Epoch;
        }

        return Report(program, launch.Counts);
    }

    private static void CheckSize(LaunchSize grid, LaunchSize block)
    {
        if (grid.X < 1 || grid.Y < 1 || grid.Z < 1 || grid.Count > int.MaxValue)
        {
            throw new PtxException(PtxErrorKind.Launch, $"a grid of {grid.X} x {grid.Y} x {grid.Z} groups; each must be at least 1", SourceLine.None);
        }

        if (block.X < 1 || block.Y < 1 || block.Z < 1 || block.Count > MaximumThreads)
        {
            throw new PtxException(PtxErrorKind.Launch, $"a group of {block.X} x {block.Y} x {block.Z} threads; 1 to {MaximumThreads} are allowed",
                SourceLine.None);
        }
    }

    private static byte[] Pack(Program program, ReadOnlySpan<PtxArgument> arguments)
    {
        if (arguments.Length != program.Parameters.Length)
        {
            throw new PtxException(PtxErrorKind.Launch, $"'{program.Name}' takes {program.Parameters.Length} arguments, {arguments.Length} were given",
                SourceLine.None);
        }

        var bytes = new byte[program.ParameterBytes + 1];
        for (var i = 0; i < arguments.Length; i++)
        {
            var place = program.Parameters[i];
            if (arguments[i].Bytes.Length != place.Length)
            {
                throw new PtxException(
                    PtxErrorKind.Launch, $"'{program.Name}': parameter '{place.Name}' has {place.Length} bytes, its argument {arguments[i].Bytes.Length}",
                    SourceLine.None);
            }

            arguments[i].Bytes.CopyTo(bytes.AsSpan(place.Offset));
        }

        return bytes;
    }

    private static Segment ModuleSegment(VariablePlace variable)
    {
        var segment = new Segment(variable.Name, variable.Length, isWritten: true, isReadOnly: variable.Space == PtxSpace.Constant);
        variable.Initial?.CopyTo(segment.Bytes);
        return segment;
    }

    private static LaunchReport Report(Program program, LaunchCounts counts) => new()
    {
        ThreadInstructions = Sum(program, counts.Threads),
        WarpInstructions = Sum(program, counts.Warps),
        GlobalLoads = counts.GlobalLoads,
        GlobalLoadSectors = counts.GlobalLoadSectors,
        GlobalStores = counts.GlobalStores,
        GlobalStoreSectors = counts.GlobalStoreSectors,
        SharedAccesses = counts.SharedAccesses,
        SharedPasses = counts.SharedPasses,
        LocalAccesses = counts.LocalAccesses,
    };

    private static Dictionary<string, long> Sum(Program program, long[] counts) => program.Instructions
        .Zip(counts)
        .GroupBy(p => p.First.Opcode)
        .Select(g => (g.Key, Count: g.Sum(p => p.Second)))
        .Where(p => p.Count > 0)
        .ToDictionary(p => p.Key, p => p.Count);

    private void Watch(bool isOn, int grain)
    {
        foreach (var buffer in buffers)
        {
            buffer.History = !isOn ? null : buffer.History?.Grain == grain ? buffer.History : new AccessHistory(buffer.Length, grain);
        }
    }

    private PtxBuffer Add(Segment segment)
    {
        buffers.Add(segment);
        return new PtxBuffer(segment, AddressLayout.Global(buffers.Count - 1));
    }
}
