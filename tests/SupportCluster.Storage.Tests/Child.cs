using System.Diagnostics;
using System.Globalization;

namespace SupportCluster.Storage.Tests;

/// <summary>This program as another process: one that holds a store, and writes until it is killed.</summary>
internal static class Child
{
    internal const string Switch = "--child";
    internal const int Aggregates = 16;

    internal static Process Start(string what, Engine engine, string place)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Switch, what, engine.ToString(), place]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        return Process.Start(start)!;
    }

    /// <summary><c>hold</c> opens the store and says so; <c>write</c> prints each write that was acknowledged, as id and version.</summary>
    internal static async Task<int> Run(string what, string engine, string place)
    {
        if (what == "golden")
        {
            await SchemaVersions.MakeGolden(Enum.Parse<Engine>(engine), place);
            return 0;
        }

        await using var test = await TestStore.At(Enum.Parse<Engine>(engine), place);
        Console.WriteLine("open");
        if (what == "write")
        {
            await Task.WhenAll(Enumerable.Range(1, Aggregates).Select(number => Task.Run(() => WriteForEver(test, Writes.Case(number)))));
        }

        // Until the parent closes the pipe or kills us.
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static async Task WriteForEver(TestStore test, AggregateKey key)
    {
        for (var version = (await test.Store.Read(key))?.Version ?? 0; ; version++)
        {
            if (await test.Store.Write(Writes.Next(key, version, Writes.Monday, 2, Writes.Entry(key), $"text {version + 1}")) != StoreWriteResult.Written)
            {
                throw new InvalidOperationException($"{key} was written by somebody else.");
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key.Id} {version + 1}"));
        }
    }
}
