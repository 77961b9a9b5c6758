using System.Runtime.InteropServices;
using System.Text;

namespace LargeRec.Kernels.Tests.Interpretation;

/// <summary>Small kernels in PTX around the instructions that a test is about.</summary>
internal static class PtxText
{
    public const string Header = ".version 8.0\n.target sm_80\n.address_size 64\n";

    /// <summary>A kernel <c>k</c> over views x, y, ...: their pointers are in %x, %y, ...; there are registers %r0-15, %rd0-15, %f0-15, %p0-7, %h0-7.</summary>
    public static string Kernel(string views, string body, string declarations = "")
    {
        var text = new StringBuilder(Header).AppendLine(".visible .entry k(");
        text.AppendLine(string.Join(",\n", views.Select(v => $"  .param .align 8 .b8 _{v}[16]"))).AppendLine(")").AppendLine("{").AppendLine(declarations);
        text.AppendLine("  .reg .b32 %r<16>; .reg .b64 %rd<16>; .reg .f32 %f<16>; .reg .pred %p<8>; .reg .b16 %h<8>;");
        foreach (var view in views)
        {
            text.AppendLine($"  .reg .b64 %{view}; ld.param.b64 %{view}, [_{view}];");
        }

        return text.AppendLine(body).AppendLine("}").ToString();
    }

    /// <summary>
    /// Runs <paramref name="instructions"/> once for each index: %a, %b, %c hold the elements of the arrays, %d goes to the result; %p, %q and %t are free.
    /// </summary>
    public static TOut[] Map<TOut>(string instructions, params Array[] arrays)
        where TOut : unmanaged
    {
        var count = arrays[0].Length;
        var body = new StringBuilder();
        body.AppendLine("  mov.u32 %r0, %ctaid.x; shl.b32 %r0, %r0, 5; mov.u32 %r1, %tid.x; add.u32 %r0, %r0, %r1;");
        body.AppendLine($"  setp.ge.u32 %p0, %r0, {count}; @%p0 ret;");
        body.AppendLine($"  .reg .pred %p, %q; .reg .b32 %t; .reg .b{Width(typeof(TOut), inMemory: false)} %d;");
        for (var i = 0; i < arrays.Length; i++)
        {
            var type = arrays[i].GetType().GetElementType()!;
            body.AppendLine($"  .reg .b{Width(type, inMemory: false)} %{"abc"[i]}; mad.wide.u32 %rd0, %r0, {Marshal.SizeOf(type)}, %{"xyz"[i]};");
            body.AppendLine($"  ld.global.b{Width(type, inMemory: true)} %{"abc"[i]}, [%rd0];");
        }

        body.AppendLine($"  {instructions}");
        body.AppendLine($"  mad.wide.u32 %rd0, %r0, {Marshal.SizeOf<TOut>()}, %o; st.global.b{Width(typeof(TOut), inMemory: true)} [%rd0], %d;");
        var views = "xyz"[..arrays.Length] + "o";
        var device = new PtxInterpreter();
        var buffers = arrays.Select((a, i) => Allocate(device, a, "abc"[i].ToString())).ToList();
        var output = device.AllocateUnwritten<TOut>(count, "d");
        var arguments = buffers.Append(output).Select(b => b.View<byte>()).ToArray();
        device.Launch(PtxModule.Parse(Kernel(views, body.ToString())).Kernel, (count + 31) / 32, 32, arguments);
        return output.Read<TOut>();
    }

    private static PtxBuffer Allocate(PtxInterpreter device, Array values, string name)
    {
        var bytes = new byte[values.Length * Marshal.SizeOf(values.GetType().GetElementType()!)];
        var handle = GCHandle.Alloc(values, GCHandleType.Pinned);
        Marshal.Copy(handle.AddrOfPinnedObject(), bytes, 0, bytes.Length);
        handle.Free();
        return device.Allocate<byte>(bytes, name);
    }

    private static int Width(Type type, bool inMemory) => inMemory ? 8 * Marshal.SizeOf(type) : Math.Max(16, 8 * Marshal.SizeOf(type));
}
