using System.Text.RegularExpressions;

namespace LargeRec.Kernels.Compilation;

/// <summary>
/// Operands of inline assembly travel through slots of local memory, one value each. A slot that is only read and written whole becomes a register: then the
/// text says what the kernel does, and no compiler has to find out that the memory is not needed.
/// </summary>
internal static partial class PtxSlots
{
    private const string Prefix = "__local_depot";

    /// <summary>A text with registers for its slots. What is used in any other way (indexed, handed on, read as another type) stays memory.</summary>
    public static string ToRegisters(string ptx)
    {
        foreach (Match declaration in Declaration().Matches(ptx))
        {
            ptx = Replace(ptx, declaration);
        }

        return ptx;
    }

    private static string Replace(string ptx, Match declaration)
    {
        var (slot, bytes) = (declaration.Groups["name"].Value, declaration.Groups["bytes"].Value);
        var addresses = Regex.Matches(ptx, $@"^\tmov\.[bu]64\t(?<register>%rd\d+), {slot};\n", RegexOptions.Multiline);
        if (addresses.Count != 1 || Regex.Count(ptx, $@"\b{slot}\b") != 2)
        {
            return ptx;
        }

        var address = addresses[0].Groups["register"].Value;
        var accesses = Regex.Matches(
            ptx, $@"\t(?:st\.local\.(?<type>\w+)\t\[{address}\], (?<from>[^;]+);|ld\.local\.(?<type>\w+)\t(?<to>%\w+), \[{address}\];)");
        var types = accesses.Select(a => a.Groups["type"].Value).Distinct().ToArray();
        if (Regex.Count(ptx, $@"{address}\b") != accesses.Count + 1 || types.Length != 1 || !IsSize(types[0], bytes))
        {
            return ptx;
        }

        var register = $"%slot{slot[Prefix.Length..]}";
        ptx = Regex.Replace(
            ptx,
            $@"\t(?:st\.local\.\w+\t\[{address}\], (?<from>[^;]+);|ld\.local\.\w+\t(?<to>%\w+), \[{address}\];)",
            access => access.Groups["to"].Success
                ? $"\tmov.{types[0]}\t{access.Groups["to"].Value}, {register};"
                : $"\tmov.{types[0]}\t{register}, {access.Groups["from"].Value};");
        return ptx.Replace(addresses[0].Value, string.Empty, StringComparison.Ordinal)
            .Replace(declaration.Value, $"\t.reg .{types[0]}\t{register};\n", StringComparison.Ordinal);
    }

    private static bool IsSize(string type, string bytes) =>
        type.EndsWith(bytes switch { "2" => "16", "4" => "32", "8" => "64", _ => "no" }, StringComparison.Ordinal);

    [GeneratedRegex($@"^\t\.local \.align \d+ \.b8 (?<name>{Prefix}\d+)\[(?<bytes>\d+)\];\n", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
