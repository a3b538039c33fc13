using SupportCluster.Protocol.Importing;
using Xunit;

namespace SupportCluster.Cli.Tests;

public sealed class BadRows
{
    private const string First = "c1,1,2011-03-01T08:00:00Z,Queued,,robot,,desk,Acme,High,VAULT 7\n";

    [Fact]
    public void Good_rows_become_events_of_their_case()
    {
        var reading = Logs.Read(First + "c1,2,2011-03-01T09:00:00+01:00,Accepted,In Progress,ann,SE,desk,Zen,Low,OTHER\n");
        var one = Assert.Single(reading.Cases);
        Assert.Equal(("c1", "acme", "vault-7", "vault-7", "Incident c1 with VAULT 7", 1, "en"), (one.Key, one.SupportId, one.Product, one.ProductLine, one.Title, one.Severity, one.Language));
        Assert.Equal(
            [
                new ImportedEvent(1, NodaTime.Instant.FromUtc(2011, 3, 1, 8, 0), ImportedStep.Queued, "Queued", Team: "desk"),
                new ImportedEvent(2, NodaTime.Instant.FromUtc(2011, 3, 1, 8, 0), ImportedStep.Working, "Accepted/In Progress", "ann", "SE", "desk"),
            ],
            one.Events);
        Assert.Empty(reading.Refused);
        Assert.Equal(2, reading.Rows);
    }

    [Theory]
    [InlineData("c1,2,yesterday,Accepted,,ann,SE,desk,Acme,High,V", "yesterday")]
    [InlineData("c1,2,2011-03-01T09:00:00,Accepted,,ann,SE,desk,Acme,High,V", "not a stamp")]
    [InlineData("c1,2,2011-03-01T09:00:00Z,Parked,,ann,SE,desk,Acme,High,V", "'Parked' is not a status")]
    [InlineData("c1,two,2011-03-01T09:00:00Z,Accepted,,ann,SE,desk,Acme,High,V", "'two' is not a whole number")]
    [InlineData("c1,2,2011-03-01T09:00:00Z,Accepted,,ann,Sweden,desk,Acme,High,V", "'Sweden' is not a country")]
    [InlineData("c1,2,2011-03-01T09:00:00Z,Accepted", "4 columns, 11 are expected")]
    [InlineData("c1,2,2011-03-01T09:00:00Z,Accepted,,ann,SE,desk,Acme,High,V,more", "12 columns, 11 are expected")]
    [InlineData("c1,1,2011-03-01T09:00:00Z,Accepted,,ann,SE,desk,Acme,High,V", "the order 1 stands in line 2 already")]
    [InlineData("c1,2,2011-02-01T09:00:00Z,Accepted,,ann,SE,desk,Acme,High,V", "out of order")]
    public void A_bad_row_is_left_out_with_its_line_and_the_rest_goes_in(string bad, string reason)
    {
        var reading = Logs.Read(First + bad + "\nc1,3,2011-03-01T10:00:00Z,Completed,,ann,SE,desk,Acme,High,V\n");
        var refused = Assert.Single(reading.Refused);
        Assert.Equal((3, "c1", false), (refused.Line, refused.Case, refused.WholeCase));
        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
        Assert.Equal([1, 3], Assert.Single(reading.Cases).Events.Select(e => e.Key));
    }

    [Fact]
    public void A_row_without_a_case_is_left_out()
    {
        var refused = Assert.Single(Logs.Read(First + ",2,2011-03-01T09:00:00Z,Accepted,,ann,SE,desk,Acme,High,V\n").Refused);
        Assert.Equal((3, null), (refused.Line, refused.Case));
    }

    [Theory]
    [InlineData("c1,1,never,Queued,,robot,,desk,Acme,High,V")]
    [InlineData("c1,1,2011-03-01T08:00:00Z,Queued,,robot,,desk,Nobody,High,V")]
    [InlineData("c1,1,2011-03-01T08:00:00Z,Queued,,robot,,desk,Acme,Huge,V")]
    [InlineData("c1,1,2011-03-01T08:00:00Z,Queued,,robot,,desk,Acme,High,- -")]
    [InlineData("c1,1")]
    public void A_case_whose_first_row_is_unusable_is_left_out_as_a_whole(string first)
    {
        var reading = Logs.Read(first + "\nc1,2,2011-03-01T09:00:00Z,Accepted,,ann,SE,desk,Acme,High,V\nc2,1,2011-03-01T08:00:00Z,Queued,,robot,,desk,Zen,Low,V\n");
        var refused = Assert.Single(reading.Refused);
        Assert.Equal((2, "c1", true, 2), (refused.Line, refused.Case, refused.WholeCase, refused.Rows));
        Assert.Equal("c2", Assert.Single(reading.Cases).Key);
    }

    [Fact]
    public void Defaults_stand_in_for_unknown_values()
    {
        var reading = Logs.Read(
            "c1,1,2011-03-01T08:00:00Z,Parked,,ann,Atlantis,desk,Nobody,Huge,- -\n",
            m => m["defaults"] = System.Text.Json.Nodes.JsonNode.Parse("""{"step":"noted","severity":3,"customer":"Zen","product":"unspecified","country":""}"""));
        var one = Assert.Single(reading.Cases);
        Assert.Equal(("zen", "unspecified", 3), (one.SupportId, one.Product, one.Severity));
        Assert.Equal((ImportedStep.Noted, null), (one.Events[0].Step, one.Events[0].OwnerCountry));
        Assert.Equal("unspecified", Assert.Single(reading.Contracts["zen"].Products).Id);
    }

    [Fact]
    public void Lines_are_those_of_the_file_also_after_blank_lines_and_line_breaks_in_quotes()
    {
        var reading = Logs.Read("c1,1,2011-03-01T08:00:00Z,Queued,,robot,,\"the\ndesk\",Acme,High,V\n\nc1,2,never,Accepted,,ann,SE,desk,Acme,High,V\n");
        Assert.Equal(5, Assert.Single(reading.Refused).Line);
        Assert.Equal("the\ndesk", reading.Cases[0].Events[0].Team);
    }

    [Fact]
    public void A_quotation_mark_that_is_not_closed_is_reported_and_a_mapping_can_keep_it_to_its_line()
    {
        const string Rows = First + "c1,2,2011-03-01T09:00:00Z,Accepted,\"In,ann,SE,desk,Acme,High,V\nc1,3,2011-03-01T10:00:00Z,Completed,,ann,SE,desk,Acme,High,V\n";
        Assert.Equal(3, Assert.Single(Logs.Read(Rows).Refused).Line);
        var lineByLine = Logs.Read(Rows, m => m["file"] = System.Text.Json.Nodes.JsonNode.Parse("""{"lineBreaksInQuotes":false}"""));
        Assert.Equal(3, Assert.Single(lineByLine.Refused).Line);
        Assert.Equal([1, 3], lineByLine.Cases[0].Events.Select(e => e.Key));
    }

    [Fact]
    public void Rows_of_a_case_need_neither_stand_together_nor_in_order()
    {
        var reading = Logs.Read("c1,2,2011-03-01T09:00:00Z,Accepted,,ann,SE,desk,Acme,High,V\nc2,1,2011-03-01T08:00:00Z,Queued,,robot,,desk,Zen,Low,V\nc1,1,2011-03-01T08:00:00Z,Queued,,robot,,desk,Zen,Low,W\n");
        Assert.Empty(reading.Refused);
        var one = reading.Cases.Single(c => c.Key == "c1");
        Assert.Equal([1, 2], one.Events.Select(e => e.Key));
        Assert.Equal(("zen", "w", 4), (one.SupportId, one.Product, one.Severity));
        Assert.Equal(4, reading.Lines["c1"]);
    }
}
