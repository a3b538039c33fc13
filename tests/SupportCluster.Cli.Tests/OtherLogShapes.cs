using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using SupportCluster.Importing;
using SupportCluster.Protocol.Importing;
using Xunit;

namespace SupportCluster.Cli.Tests;

/// <summary>One status column, naive stamps in a zone, semicolons, no order column.</summary>
public sealed class OtherLogShapes
{
    private const string Header = "Ticket;Zeit;Status;Prio;Kunde;Produkt;Gruppe\n";

    [Fact]
    public void Naive_stamps_are_read_in_their_zone()
    {
        var reading = Read("7;01.07.2011 09:30;offen;1;Größe & Söhne;Ablage;Netz\n7;01.12.2011 09:30;zu;1;Größe & Söhne;Ablage;Netz\n");
        Assert.Empty(reading.Refused);
        Assert.Equal(
            [
                new ImportedEvent(1, Instant.FromUtc(2011, 7, 1, 7, 30), ImportedStep.Queued, "offen", Team: "Netz"),
                new ImportedEvent(2, Instant.FromUtc(2011, 12, 1, 8, 30), ImportedStep.Ended, "zu", Team: "Netz"),
            ],
            Assert.Single(reading.Cases).Events);
        Assert.Equal("groesse", reading.Cases[0].SupportId);
    }

    [Fact]
    public void In_the_hour_that_the_clock_shows_twice_the_events_stay_in_order()
    {
        // Berlin went back from 03:00 to 02:00 on 30 October 2011.
        var reading = Read("7;30.10.2011 02:50;offen;1;Größe & Söhne;Ablage;Netz\n7;30.10.2011 02:10;zu;1;Größe & Söhne;Ablage;Netz\n");
        Assert.Empty(reading.Refused);
        Assert.Equal([Instant.FromUtc(2011, 10, 30, 0, 50), Instant.FromUtc(2011, 10, 30, 1, 10)], reading.Cases[0].Events.Select(e => e.At));
    }

    [Fact]
    public void A_stamp_that_the_clock_went_forward_over_is_refused()
    {
        var refused = Assert.Single(Read("7;27.03.2011 02:30;offen;1;Größe & Söhne;Ablage;Netz\n").Refused);
        Assert.Contains("does not exist in Europe/Berlin", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_order_column_the_file_is_the_order_and_a_row_that_runs_backwards_is_refused()
    {
        var reading = Read("7;01.07.2011 09:30;offen;1;Größe & Söhne;Ablage;Netz\n7;01.06.2011 09:30;offen;1;Größe & Söhne;Ablage;Netz\n7;02.07.2011 09:30;zu;1;Größe & Söhne;Ablage;Netz\n");
        Assert.Equal(3, Assert.Single(reading.Refused).Line);
        Assert.Equal([1, 3], reading.Cases[0].Events.Select(e => e.Key));
    }

    [Fact]
    public void Ordered_by_stamp_the_newest_may_stand_first()
    {
        var reading = Read("7;02.07.2011 09:30;zu;1;Größe & Söhne;Ablage;Netz\n7;01.07.2011 09:30;offen;1;Größe & Söhne;Ablage;Netz\n", m => m["orderBy"] = "stamp");
        Assert.Empty(reading.Refused);
        Assert.Equal(["offen", "zu"], reading.Cases[0].Events.Select(e => e.Status));
    }

    [Fact]
    public void Encoding_and_compression_are_seen_through()
    {
        const string Rows = "7;01.07.2011 09:30;offen;1;Größe & Söhne;Ablage;Netz\n";
        Assert.Single(Read(Rows, m => m["file"]!["encoding"] = "windows-1252", Encoding.Latin1).Cases);
        Assert.Single(Read(Rows, compressed: true).Cases);
    }

    private static ImportReading Read(string rows, Action<JsonObject>? change = null, Encoding? encoding = null, bool compressed = false)
    {
        var mapping = JsonNode.Parse(
            """
            {
              "source": "altes-system",
              "file": { "delimiter": ";" },
              "columns": { "case": "Ticket", "stamp": "Zeit", "status": ["Status"], "severity": "Prio", "customer": "Kunde", "product": "Produkt", "team": "Gruppe" },
              "stamp": { "format": "dd.MM.uuuu HH:mm", "zone": "Europe/Berlin" },
              "title": "Ticket {Ticket}",
              "steps": { "offen": "queued", "zu": "ended" },
              "severities": { "1": 2 },
              "term": { "start": "2011-01-01", "end": "2011-12-31" },
              "customers": { "Größe & Söhne": { "supportId": "groesse", "name": "Größe & Söhne", "offer": "essential", "zone": "Europe/Berlin", "region": "emea" } }
            }
            """)!.AsObject();
        change?.Invoke(mapping);
        var bytes = (encoding ?? Encoding.UTF8).GetBytes(Header + rows);
        using var stream = new MemoryStream(compressed ? Compressed(bytes) : bytes);
        return ImportReader.Read(stream, MappingFile.Parse(mapping.ToJsonString()));
    }

    private static byte[] Compressed(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return target.ToArray();
    }
}
