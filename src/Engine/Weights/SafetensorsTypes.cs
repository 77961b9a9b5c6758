namespace LargeRec.Engine.Weights;

/// <summary>Sizes and written names of the element types.</summary>
public static class SafetensorsTypes
{
    private static readonly (SafetensorsType Type, string Code, int Size)[] Table =
    [
        (SafetensorsType.F64, "F64", 8),
        (SafetensorsType.F32, "F32", 4),
        (SafetensorsType.F16, "F16", 2),
        (SafetensorsType.BF16, "BF16", 2),
        (SafetensorsType.I64, "I64", 8),
        (SafetensorsType.I32, "I32", 4),
        (SafetensorsType.U8, "U8", 1),
        (SafetensorsType.Bool, "BOOL", 1),
    ];

    /// <summary>Every written name, in the order of the enumeration.</summary>
    public static string AllCodes => string.Join(", ", Table.Select(row => row.Code));

    /// <summary>Bytes an element takes.</summary>
    public static int Size(this SafetensorsType type) => Table[(int)type].Size;

    /// <summary>The name a header writes, e.g. F32.</summary>
    public static string Code(this SafetensorsType type) => Table[(int)type].Code;

    /// <summary>Finds the type of a header's name.</summary>
    public static bool TryParse(string code, out SafetensorsType type)
    {
        foreach (var row in Table)
        {
            if (row.Code == code)
            {
                type = row.Type;
                return true;
            }
        }

        type = default;
        return false;
    }
}
