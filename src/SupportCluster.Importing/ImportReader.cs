using System.Globalization;
using System.IO.Compression;
using CsvHelper;
using NodaTime;
using NodaTime.Text;
using SupportCluster.Protocol.Importing;

namespace SupportCluster.Importing;

/// <summary>
/// Reads another system's log by a mapping. A row that cannot be used is left out and reported with its line; a case whose first row
/// cannot be used is left out as a whole, because nothing would say when and by whom it was reported. The rows are held in memory,
/// since those of a case need not stand together.
/// </summary>
internal sealed class ImportReader
{
    private readonly ImportMapping mapping;
    private readonly RowOrder order;
    private readonly StampReader stamps;
    private readonly ValueMaps values;
    private readonly LogColumns columns;
    private readonly Dictionary<string, Draft> drafts = new(StringComparer.Ordinal);
    private readonly List<RefusedRow> refused = [];
    private int rows;

    private ImportReader(ImportMapping mapping, string[] header)
    {
        this.mapping = mapping;
        order = mapping.OrderBy ?? (mapping.Columns.Order is null ? RowOrder.File : RowOrder.Column);
        stamps = new StampReader(mapping.Stamp);
        values = new ValueMaps(mapping);
        columns = new LogColumns(mapping, header);
    }

    /// <summary>Reads a log, gzip-compressed or not.</summary>
    /// <exception cref="MappingException">The mapping names columns that the log does not have.</exception>
    internal static ImportReading Read(Stream log, ImportMapping mapping)
    {
        string? malformed = null;
        using var csv = CsvReader.Create(Decompressed(log), new CsvReaderOptions
        {
            Separator = mapping.File?.Delimiter is { } delimiter ? delimiter[0] : ',',
            Encoding = mapping.File?.Encoding is { } encoding ? MappingFile.EncodingOf(encoding) : null,
            AllowLineBreaksInQuotes = mapping.File?.LineBreaksInQuotes ?? true,
            TrimWhitespace = true,
            TrackLineNumbers = true,
            PoolStrings = true,
            OnMalformedRecord = record => malformed = $"malformed quotation marks ({record.Reason})",
        });
        csv.ReadHeader();
        if (csv.Headers.Count == 0)
        {
            throw new MappingException([new("$.columns", "the log is empty: a first line with the columns' names is expected.")]);
        }

        var reader = new ImportReader(mapping, [.. csv.Headers]);
        while (csv.Read())
        {
            reader.ReadRow(csv, malformed);
            malformed = null;
        }

        return reader.Finish();
    }

    private static Stream Decompressed(Stream log)
    {
        var start = new byte[2];
        var length = log.ReadAtLeast(start, 2, throwOnEndOfStream: false);
        log.Seek(-length, SeekOrigin.Current);
        return start is [0x1f, 0x8b] ? new GZipStream(log, CompressionMode.Decompress) : log;
    }

    private void ReadRow(CsvReader log, string? malformed)
    {
        rows++;
        var line = (int)log.LineNumber;
        var wrong = malformed ?? (log.FieldCount == columns.Count ? null : $"{log.FieldCount} columns, {columns.Count} are expected");
        var key = log.GetString(columns.Case);
        if (key.Length == 0)
        {
            refused.Add(new RefusedRow(line, null, WholeCase: false, 1, wrong ?? "the case's key is empty"));
            return;
        }

        if (!drafts.TryGetValue(key, out var draft))
        {
            drafts.Add(key, draft = new Draft());
        }

        var row = new Row(line);
        row.Wrong = wrong ?? Fill(row, log, draft.Rows.Count + 1);
        // A row without a place of its own stays behind the one before it; as the first, it stays the first.
        row.Place ??= draft.Rows.Count == 0 ? long.MinValue : draft.Rows[^1].Place;
        draft.Rows.Add(row);
        if (row.Wrong is null)
        {
            values.See(columns, log);
            if (draft.Head is null || row.Place < draft.HeadPlace)
            {
                draft.Head = values.ReadHead(columns, log);
                draft.HeadPlace = row.Place.GetValueOrDefault();
            }
        }
    }

    /// <summary>Reads what a row says of its event; what is wrong with it, if anything.</summary>
    private string? Fill(Row row, CsvReader log, int placeInFile)
    {
        if (order == RowOrder.File)
        {
            row.Place = placeInFile;
        }
        else if (order == RowOrder.Column)
        {
            var text = log.GetString(columns.Order!.Value);
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var place))
            {
                return $"'{text}' is not a whole number that could order the row";
            }

            row.Place = place;
        }

        if (stamps.Read(log.GetString(columns.Stamp), out row.At, out row.Second) is { } unreadable)
        {
            return unreadable;
        }

        if (order == RowOrder.Stamp)
        {
            row.Place = row.At.ToUnixTimeTicks();
        }

        return values.ReadEvent(columns, log, row);
    }

    private ImportReading Finish()
    {
        var cases = new List<ImportedCase>(drafts.Count);
        var lines = new Dictionary<string, int>(drafts.Count, StringComparer.Ordinal);
        foreach (var (key, draft) in drafts)
        {
            var ordered = draft.Rows.OrderBy(r => r.Place!.Value).ToList();
            var first = ordered[0];
            if ((first.Wrong ?? draft.Head?.Wrong) is { } reason)
            {
                refused.Add(new RefusedRow(first.Line, key, WholeCase: true, ordered.Count, reason));
                continue;
            }

            cases.Add(values.Case(key, draft.Head!, Events(key, ordered)));
            lines.Add(key, first.Line);
        }

        var contracts = mapping.Customers.Values.ToDictionary(c => c.SupportId, values.Contract, StringComparer.Ordinal);
        return new ImportReading(contracts, cases, lines, [.. refused.OrderBy(r => r.Line)], rows);
    }

    private List<ImportedEvent> Events(string key, List<Row> ordered)
    {
        var events = new List<ImportedEvent>(ordered.Count);
        Row? before = null;
        for (var i = 0; i < ordered.Count; i++)
        {
            var row = ordered[i];
            if (row.Wrong is null && before is not null)
            {
                // In the hour that the clock shows twice, the second one is meant once the first would run backwards.
                row.At = row.At < before.At && row.Second >= before.At ? row.Second : row.At;
                row.Wrong = order == RowOrder.Column && row.Place == before.Place ? $"the order {row.Place} stands in line {before.Line} already"
                    : row.At < before.At ? $"{InstantPattern.General.Format(row.At)} is before the stamp of line {before.Line}, which comes first: the events are out of order"
                    : null;
            }

            if (row.Wrong is { } reason)
            {
                refused.Add(new RefusedRow(row.Line, key, WholeCase: false, 1, reason));
                continue;
            }

            events.Add(new ImportedEvent(order == RowOrder.Column ? (int)row.Place!.Value : i + 1, row.At, row.Step, row.Status, row.Owner, row.Country, row.Team, row.Text));
            before = row;
        }

        return events;
    }

    /// <summary>The rows of a case, and what its first one says of the case.</summary>
    private sealed class Draft
    {
        internal List<Row> Rows { get; } = [];

        internal CaseHead? Head { get; set; }

        internal long HeadPlace { get; set; }
    }

    /// <summary>A row of the log.</summary>
    internal sealed class Row(int line)
    {
        internal Instant At;
        internal Instant Second;

        internal int Line { get; } = line;

        internal long? Place { get; set; }

        internal string? Wrong { get; set; }

        internal ImportedStep Step { get; set; }

        internal string Status { get; set; } = "";

        internal string? Owner { get; set; }

        internal string? Country { get; set; }

        internal string? Team { get; set; }

        internal string? Text { get; set; }
    }
}
