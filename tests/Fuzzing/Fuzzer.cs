using System.Diagnostics;
using System.Globalization;

namespace LargeRec.Fuzzing;

/// <summary>
/// Holds a parser to this: whatever it is given, it ends soon, takes memory in proportion to the input, and either reads something consistent or
/// refuses with its own exception and one line that names the file. Ordinary tests try what fits into a moment;
/// LARGEREC_FUZZ=N tries N inputs of each parser, the same ones first. The first input of each fault is kept as a file.
/// </summary>
/// <typeparam name="TRefusal">The exception by which the parser refuses.</typeparam>
/// <param name="name">What messages call the input's file.</param>
/// <param name="make">Makes an input of random numbers.</param>
internal sealed class Fuzzer<TRefusal>(string name, Func<FuzzStream, byte[]> make)
    where TRefusal : Exception
{
    private const ulong Seed = 20_240_607;
    private const int UsualInputs = 20_000;
    private const int LongestMessage = 2_000;
    private static readonly TimeSpan UsualTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestParse = TimeSpan.FromSeconds(60);

    private readonly SortedDictionary<string, (int Count, string First)> _faults = new(StringComparer.Ordinal);
    private int _inputs;
    private int _refused;

    /// <summary>Bytes that reading may allocate besides <see cref="MemoryAByte"/>.</summary>
    public long MemoryBesides { get; init; } = 2 << 20;

    /// <summary>Bytes that reading may allocate for each byte of the input.</summary>
    public long MemoryAByte { get; init; } = 1 << 10;

    /// <summary>Whether a refusal says the file's name.</summary>
    public bool NamesFile { get; init; } = true;

    /// <summary>Tries inputs until their number or the time is reached.</summary>
    /// <param name="parse">Reads an input, and throws <see cref="FuzzFault"/> where what it read is not consistent.</param>
    public void Run(Action<byte[]> parse)
    {
        var thread = new Thread(() => Loop(parse)) { IsBackground = true };
        var clock = Stopwatch.StartNew();
        thread.Start();

        // Another thread watches, as a parser that hangs does not come back to be asked for the time.
        for (var before = -1; !thread.Join(LongestParse); before = Volatile.Read(ref _inputs))
        {
            Assert.That(Volatile.Read(ref _inputs), Is.Not.EqualTo(before), $"no end of input {before} in {LongestParse.TotalSeconds} s");
        }

        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name}: {_inputs} inputs, {_refused} refused, {_inputs - _refused} read, {clock.Elapsed.TotalSeconds:F1} s"));
        Assert.That(_faults.Select(f => $"{f.Value.Count} times, first by {f.Value.First}: {f.Key}"), Is.Empty);
        Assert.That(_refused, Is.InRange(1, _inputs - 1), "inputs that are all refused, or all read, try little");
    }

    private void Loop(Action<byte[]> parse)
    {
        var asked = Environment.GetEnvironmentVariable("LARGEREC_FUZZ");
        var count = asked is null ? UsualInputs : int.Parse(asked, CultureInfo.InvariantCulture);
        var clock = Stopwatch.StartNew();
        while (_inputs < count && (asked is not null || clock.Elapsed < UsualTime))
        {
            var input = make(new FuzzStream(Seed, _inputs));
            if (Try(input, parse) is { } fault)
            {
                var (times, first) = _faults.TryGetValue(fault, out var seen) ? seen : (0, Keep(input));
                _faults[fault] = (times + 1, first);
            }

            Volatile.Write(ref _inputs, _inputs + 1);
        }
    }

    private string Keep(byte[] input)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "largerec-fuzz")).FullName, $"{_inputs}-{name}");
        File.WriteAllBytes(path, input);
        return path;
    }

    private string? Try(byte[] input, Action<byte[]> parse)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            parse(input);
        }
        catch (TRefusal refusal)
        {
            _refused++;
            if ((NamesFile && !refusal.Message.Contains(name, StringComparison.Ordinal)) || refusal.Message.Any(char.IsControl)
                || refusal.Message.Length > LongestMessage)
            {
                // Letters alone, so that one fault is counted as one.
                return $"a refusal that is not one line with the file's name: {string.Concat(refusal.Message.Where(char.IsAsciiLetter).Take(80))}";
            }
        }
        catch (FuzzFault fault)
        {
            return fault.Message;
        }
#pragma warning disable CA1031 // What else may come out of a parser is the question.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return $"{fault.GetType()} {string.Join(" <", (fault.StackTrace ?? "").Split('\n').Take(4).Select(line => line.Trim()))}";
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return allocated > MemoryBesides + MemoryAByte * input.Length ? $"memory out of proportion to the input: 2^{long.Log2(allocated)} bytes" : null;
    }
}
