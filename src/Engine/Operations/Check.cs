using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using LargeRec.Engine.Tensors;

namespace LargeRec.Engine.Operations;

/// <summary>The checks that open every operation; a message names the operation, the arguments and their shapes.</summary>
internal static class Check
{
    /// <summary>Every array is alive and lives on the device.</summary>
    public static void Arrays(string operation, Device device, params ReadOnlySpan<DeviceArray?> arrays)
    {
        foreach (var array in arrays)
        {
            if (array is null)
            {
                continue;
            }

            array.ThrowIfDead();
            if (!ReferenceEquals(array.Device, device))
            {
                throw new ArgumentException($"{operation}: {array} is on device '{array.Device.Name}', the operation runs on '{device.Name}'; all arguments "
                    + "must be on one device");
            }
        }
    }

    public static void SameShape(string operation, string nameA, Tensor a, string nameB, Tensor b)
    {
        if (a.Rows != b.Rows || a.Columns != b.Columns)
        {
            throw new ArgumentException($"{operation}: {nameA} {a.Shape} and {nameB} {b.Shape} differ in shape");
        }
    }

    public static void SameRows(string operation, string nameA, Tensor a, string nameB, Tensor b)
    {
        if (a.Rows != b.Rows)
        {
            throw new ArgumentException($"{operation}: {nameA} {a.Shape} and {nameB} {b.Shape} differ in rows");
        }
    }

    public static void SameColumns(string operation, string nameA, Tensor a, string nameB, Tensor b)
    {
        if (a.Columns != b.Columns)
        {
            throw new ArgumentException($"{operation}: {nameA} {a.Shape} and {nameB} {b.Shape} differ in columns");
        }
    }

    public static void Extent(string operation, string name, Tensor tensor, int rows, int columns)
    {
        if (tensor.Rows != rows || tensor.Columns != columns)
        {
            throw new ArgumentException($"{operation}: {name} {tensor.Shape} must be [{rows}, {columns}]");
        }
    }

    public static void Length(string operation, string name, IndexTensor tensor, long length)
    {
        if (tensor.Length != length)
        {
            throw new ArgumentException($"{operation}: {name} has {tensor.Length} entries and must have {length}");
        }
    }

    /// <summary>A gradient, where it is asked for, has the shape of its value.</summary>
    public static void Target(string operation, string name, GradientTarget target, Tensor value)
    {
        if (target.Tensor is { } gradient && (gradient.Rows != value.Rows || gradient.Columns != value.Columns))
        {
            throw new ArgumentException($"{operation}: the gradient of {name} {gradient.Shape} must have the shape of {name} {value.Shape}");
        }
    }

    /// <summary>An operation that a device lacks: never a silent detour to another device.</summary>
    public static NotSupportedException Unsupported(string operation, Device device) =>
        new($"{operation}: the device '{device.Name}' does not have this operation; the CPU device does");

    /// <summary>Throws unless the condition holds; a message with values in it is put together only then.</summary>
    public static void That(
        [DoesNotReturnIf(false)] bool condition, string operation, [InterpolatedStringHandlerArgument(nameof(condition))] ref CheckMessage message)
    {
        if (!condition)
        {
            throw new ArgumentException($"{operation}: {message.ToString()}");
        }
    }

    public static void That([DoesNotReturnIf(false)] bool condition, string operation, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"{operation}: {message}");
        }
    }
}
