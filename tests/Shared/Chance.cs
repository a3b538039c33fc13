namespace SupportCluster;

/// <summary>All chance of a run: a hash of seed, subject and step, so that nothing depends on the order in which it is asked for.</summary>
internal readonly record struct Chance(ulong Seed)
{
    /// <summary>From 0 (inclusive) to 1 (exclusive).</summary>
    internal double Of(string subject, string step) => (Hash(subject, step) >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>, both inclusive.</summary>
    internal int Between(int least, int most, string subject, string step) => least + (int)(Of(subject, step) * (most - least + 1));

    internal T Pick<T>(IReadOnlyList<T> from, string subject, string step) => from[Between(0, from.Count - 1, subject, step)];

    internal bool Happens(double probability, string subject, string step) => Of(subject, step) < probability;

    /// <summary>FNV-1a over all of it, with the finalizer of SplitMix64 so that near inputs give far outputs.</summary>
    internal ulong Hash(string subject, string step)
    {
        var hash = 14695981039346656037UL;
        for (var i = 0; i < 64; i += 8)
        {
            hash = (hash ^ ((Seed >> i) & 0xff)) * 1099511628211UL;
        }

        foreach (var c in subject)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        hash = (hash ^ '/') * 1099511628211UL;
        foreach (var c in step)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9UL;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebUL;
        return hash ^ (hash >> 31);
    }
}
