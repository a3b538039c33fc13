using System.Text;
using System.Text.Json.Nodes;
using SupportCluster.Domain.Policy;
using Xunit;

namespace SupportCluster.Domain.Tests.Policies;

/// <summary>A policy with a mistake is refused with the path of the key and what was expected there.</summary>
public sealed class PolicyMistakeTests
{
    private static readonly Dictionary<string, Action<JsonNode>> Changes = new()
    {
        ["unknown member"] = p => p["cases"]!["reopenWithn"] = "P14D",
        ["missing member"] = p => p.AsObject().Remove("warnings"),
        ["missing figure"] = p => p["cases"]!.AsObject().Remove("closeAfterBusinessDays"),
        ["wrong clock"] = p => p["offers"]![0]!["clock"] = "lunar",
        ["wrong channel"] = p => p["targets"]!["basic"]!["1"]!["responseChannels"] = new JsonArray("pigeon"),
        ["number for a word"] = p => p["offers"]![1]!["clock"] = 1,
        ["word for a number"] = p => p["capacity"]!["cases"] = "many",
        ["no duration"] = p => p["acknowledgement"]!["within"] = "15 minutes",
        ["months"] = p => p["cases"]!["reopenWithin"] = "P1M",
        ["negative duration"] = p => p["targets"]!["basic"]!["2"]!["initialResponse"]!["within"] = "-PT4H",
        ["negative window"] = p => p["cases"]!["reopenWithin"] = "-P1D",
        ["negative days"] = p => p["targets"]!["basic"]!["2"]!["solutionProposal"]!["days"] = -10,
        ["two figures"] = p => p["targets"]!["basic"]!["2"]!["solutionProposal"]!["within"] = "PT1H",
        ["no figure"] = p => p["targets"]!["basic"]!["2"]!["solutionProposal"] = new JsonObject(),
        ["response without deadline"] = p => p["targets"]!["basic"]!["2"]!["initialResponse"] = new JsonObject { ["comingUpdate"] = true },
        ["end without business days"] = p => p["targets"]!["basic"]!["2"]!["initialResponse"]!["end"] = "closing",
        ["missing severity"] = p => p["targets"]!["essential"]!.AsObject().Remove("3"),
        ["fifth severity"] = p => p["targets"]!["essential"]!["5"] = p["targets"]!["essential"]!["4"]!.DeepClone(),
        ["no channels"] = p => p["targets"]!["essential"]!["4"]!["responseChannels"] = new JsonArray(),
        ["unknown targets"] = p => p["offers"]![2]!["targets"] = "platinum",
        ["offer twice"] = p => p["offers"]![1]!["id"] = "basic",
        ["offer id"] = p => p["offers"]![1]!["id"] = "Essential Support",
        ["no offers"] = p => p["offers"] = new JsonArray(),
        ["null offer"] = p => p["offers"]![5] = null,
        ["null region"] = p => p["regions"]!["emea"] = null,
        ["null limit"] = p => p["offers"]![3]!["designatedContacts"]!["limit"] = null,
        ["no limit"] = p => p["offers"]![0]!["designatedContacts"]!["limit"] = 0,
        ["negative visits"] = p => p["offers"]![0]!["onSiteInterventions"] = -1,
        ["priority maybe"] = p => p["offers"]![0]!["entitlements"]!["priorityCallQueueing"] = "maybe",
        ["priority unsaid"] = p => p["offers"]![0]!["entitlements"]!.AsObject().Remove("priorityCallQueueing"),
        ["blank entitlement"] = p => p["offers"]![0]!["entitlements"]!["threatAlerts"] = " ",
        ["bad hours"] = p => p["businessHours"]!["hours"] = "Mon-Fri 18:00-08:00",
        ["no hours"] = p => p["businessHours"]!["hours"] = "",
        ["country"] = p => p["businessHours"]!["holidays"] = new JsonObject { ["ie"] = "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n" },
        ["holiday file"] = p => p["businessHours"]!["holidays"] = new JsonObject { ["IE"] = "Christmas" },
        ["pattern"] = p => p["identifiers"]!["supportId"] = "[a-z",
        ["region code"] = p => p["regions"]!["The Moon"] = p["regions"]!["emea"]!.DeepClone(),
        ["case digit"] = p => p["regions"]!["emea"]!["caseDigit"] = 0,
        ["case digit twice"] = p => p["regions"]!["emea"]!["caseDigit"] = 1,
        ["no languages"] = p => p["regions"]!["emea"]!["languages"] = new JsonArray(),
        ["warning"] = p => p["warnings"]!["left"] = new JsonArray(1.5),
        ["warning order"] = p => p["warnings"]!["left"] = new JsonArray(0.1, 0.25),
        ["criterion"] = p => p["intake"]!["criteria"]!["suggestion"]!["severity"] = 7,
        ["information"] = p => p["intake"]!["information"] = new JsonArray("shoeSize"),
        ["subject"] = p => p["intake"]!["referredSubjects"]!["licenseKey"] = "Customer Service",
        ["reminders"] = p => p["cases"]!["remindAfterBusinessDays"] = new JsonArray(3, 12),
        ["reminder order"] = p => p["cases"]!["remindAfterBusinessDays"] = new JsonArray(7, 3),
        ["close at once"] = p => p["cases"]!["closeAfterBusinessDays"] = 0,
        ["no capacity"] = p => p["capacity"]!["cases"] = 0,
        ["notices"] = p => p["contracts"]!["renewalNoticeDays"] = new JsonArray(7, 30),
        ["notice"] = p => p["contracts"]!["renewalNoticeDays"] = new JsonArray(30, 0),
        ["no name"] = p => p["name"] = " ",
        ["centre code"] = p => p["centres"]!["New Centre"] = p["centres"]!["dublin"]!.DeepClone(),
        ["centre named as a region"] = p => p["centres"]!["emea"] = p["centres"]!["dublin"]!.DeepClone(),
        ["centre of no region"] = p => p["centres"]!["dublin"]!["region"] = "moon",
        ["centre of no zone"] = p => p["centres"]!["dublin"]!["zone"] = "Europe/Nowhere",
        ["centre without a name"] = p => p["centres"]!["dublin"]!["name"] = "",
        ["centre hours"] = p => p["centres"]!["dublin"]!["hours"] = "always",
        ["centre holidays"] = p => p["centres"]!["reading"]!["holidays"] = new JsonArray("England"),
        ["centre languages"] = p => p["centres"]!["dublin"]!["languages"] = new JsonArray("en", "ja"),
        ["centre of no product line"] = p => p["centres"]!["dublin"]!["productLines"] = new JsonArray(),
        ["nobody on duty"] = p => p["regions"]!["emea"]!["duty"]!["managers"] = new JsonArray(),
        ["duty of no length"] = p => p["regions"]!["emea"]!["duty"]!["length"] = 0,
        ["duty anchor"] = p => p["regions"]!["emea"]!["duty"]!["anchor"] = "Monday",
        ["duty zone"] = p => p["regions"]!["emea"]!["duty"]!["zone"] = "Mars/Base",
        ["ring of no length"] = p => p["dispatch"]!["ring"]!["severity2"] = "PT0S",
        ["handoff notice"] = p => p["handoffs"]!["notice"] = "PT0S",
        ["no levels"] = p => p["escalations"]!["levels"] = new JsonArray(),
        ["level of no length"] = p => p["escalations"]!["levels"]![1]!["otherwise"] = "PT0S",
        ["level of a region"] = p => p["regions"]!["emea"]!["ladder"] = new JsonArray(),
        ["escalated severity"] = p => p["escalations"]!["onMiss"] = new JsonArray(5),
        ["wallboard target"] = p => p["wallboard"]!["target"] = 95,
        ["wallboard amber"] = p => p["wallboard"]!["amber"] = 0,
        ["wallboard red"] = p => p["wallboard"]!["red"] = -0.1,
        ["red above amber"] = p => p["wallboard"]!["red"] = 0.96,
        ["region named world"] = p => p["regions"]!["world"] = p["regions"]!["emea"]!.DeepClone(),
    };

    [Theory]
    [InlineData("unknown member", "/cases/reopenWithn", "no such member; there are reopenWithin, remindAfterBusinessDays, closeAfterBusinessDays")]
    [InlineData("missing member", "", "warnings")]
    [InlineData("missing figure", "/cases", "closeAfterBusinessDays")]
    [InlineData("wrong clock", "/offers/0/clock", "one of roundTheClock, localBusinessHours")]
    [InlineData("wrong channel", "/targets/basic/1/responseChannels/0", "one of online, phone, email, liveTransfer, callBack")]
    [InlineData("number for a word", "/offers/1/clock", "one of roundTheClock, localBusinessHours")]
    [InlineData("word for a number", "/capacity/cases", "a whole number")]
    [InlineData("no duration", "/acknowledgement/within", "such as PT30M")]
    [InlineData("months", "/cases/reopenWithin", "such as PT30M")]
    [InlineData("negative duration", "/targets/basic/2/initialResponse/within", "a duration longer than zero")]
    [InlineData("negative window", "/cases/reopenWithin", "a duration such as P14D")]
    [InlineData("negative days", "/targets/basic/2/solutionProposal/days", "1 or more")]
    [InlineData("two figures", "/targets/basic/2/solutionProposal", "exactly one of within, days and businessDays")]
    [InlineData("no figure", "/targets/basic/2/solutionProposal", "exactly one of within, days and businessDays")]
    [InlineData("response without deadline", "/targets/basic/2/initialResponse", "a target with a deadline")]
    [InlineData("end without business days", "/targets/basic/2/initialResponse/end", "only together with businessDays")]
    [InlineData("missing severity", "/targets/essential", "targets for severity 3")]
    [InlineData("fifth severity", "/targets/essential/5", "a severity from 1 to 4")]
    [InlineData("no channels", "/targets/essential/4/responseChannels", "at least one of online")]
    [InlineData("unknown targets", "/offers/2/targets", "basic, essential, businessCritical")]
    [InlineData("offer twice", "/offers/0/id", "an id that no other offer has")]
    [InlineData("offer id", "/offers/1/id", "lower-case letters")]
    [InlineData("no offers", "/offers", "at least one offer")]
    [InlineData("null offer", "/offers/5", "leave the member out")]
    [InlineData("null region", "/regions/emea", "leave the member out")]
    [InlineData("null limit", "/offers/3/designatedContacts/limit", "leave the member out")]
    [InlineData("no limit", "/offers/0/designatedContacts/limit", "from 1, or no limit")]
    [InlineData("negative visits", "/offers/0/onSiteInterventions", "0 or more")]
    [InlineData("priority maybe", "/offers/0/entitlements/priorityCallQueueing", "yes, no or optional")]
    [InlineData("priority unsaid", "/offers/0/entitlements", "yes, no or optional")]
    [InlineData("blank entitlement", "/offers/0/entitlements/threatAlerts", "what kind")]
    [InlineData("bad hours", "/businessHours/hours", "18:00-08:00")]
    [InlineData("no hours", "/businessHours/hours", "Mon-Fri 08:00-18:00")]
    [InlineData("country", "/businessHours/holidays/ie", "two capital letters")]
    [InlineData("holiday file", "/businessHours/holidays/IE", "")]
    [InlineData("pattern", "/identifiers/supportId", "a regular expression")]
    [InlineData("region code", "/regions/The Moon", "a region code")]
    [InlineData("case digit", "/regions/emea/caseDigit", "1 to 9")]
    [InlineData("case digit twice", "/regions/emea/caseDigit", "no other region has")]
    [InlineData("no languages", "/regions/emea/languages", "ISO 639")]
    [InlineData("warning", "/warnings/left", "between 0 and 1")]
    [InlineData("warning order", "/warnings/left", "descending")]
    [InlineData("criterion", "/intake/criteria/suggestion/severity", "1 to 4")]
    [InlineData("information", "/intake/information/0", "one of serialNumber")]
    [InlineData("subject", "/intake/referredSubjects/licenseKey", "licenceKey")]
    [InlineData("reminders", "/cases/remindAfterBusinessDays", "less than closeAfterBusinessDays")]
    [InlineData("reminder order", "/cases/remindAfterBusinessDays", "ascending")]
    [InlineData("close at once", "/cases/closeAfterBusinessDays", "1 or more")]
    [InlineData("no capacity", "/capacity/cases", "1 or more")]
    [InlineData("notices", "/contracts/renewalNoticeDays", "descending")]
    [InlineData("notice", "/contracts/renewalNoticeDays", "days from 1")]
    [InlineData("no name", "/name", "a name")]
    [InlineData("centre code", "/centres/New Centre", "lower-case letters")]
    [InlineData("centre named as a region", "/centres/emea", "no region's")]
    [InlineData("centre of no region", "/centres/dublin/region", "emea, americas, apj")]
    [InlineData("centre of no zone", "/centres/dublin/zone", "Europe/Dublin")]
    [InlineData("centre without a name", "/centres/dublin/name", "a name")]
    [InlineData("centre hours", "/centres/dublin/hours", "Mon-Fri 08:00-18:00")]
    [InlineData("centre holidays", "/centres/reading/holidays", "ISO 3166")]
    [InlineData("centre languages", "/centres/dublin/languages", "one or more of en, fr")]
    [InlineData("centre of no product line", "/centres/dublin/productLines", "at least one")]
    [InlineData("nobody on duty", "/regions/emea/duty/managers", "at least one manager")]
    [InlineData("duty of no length", "/regions/emea/duty/length", "1 or more")]
    [InlineData("duty anchor", "/regions/emea/duty/anchor", "2026-01-05T08:00")]
    [InlineData("duty zone", "/regions/emea/duty/zone", "Europe/Dublin")]
    [InlineData("ring of no length", "/dispatch/ring/severity2", "longer than zero")]
    [InlineData("handoff notice", "/handoffs/notice", "longer than zero")]
    [InlineData("no levels", "/escalations/levels", "at least one level")]
    [InlineData("level of no length", "/escalations/levels/1/otherwise", "longer than zero")]
    [InlineData("level of a region", "/regions/emea/ladder", "at least one level")]
    [InlineData("escalated severity", "/escalations/onMiss", "from 1 to 4")]
    [InlineData("wallboard target", "/wallboard/target", "up to 1")]
    [InlineData("wallboard amber", "/wallboard/amber", "above 0")]
    [InlineData("wallboard red", "/wallboard/red", "above 0")]
    [InlineData("red above amber", "/wallboard/red", "no more than amber")]
    [InlineData("region named world", "/regions/world", "another code")]
    public void Is_refused_with_path_and_expectation(string mistake, string path, string expected)
    {
        Assert.Null(TheDefaultPolicy.Read(Changes[mistake], out var mistakes));
        Assert.Contains(mistakes, m => m.Path == path && m.Expected.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_change_has_its_test() => Assert.Equal(
        Changes.Keys.Order(),
        typeof(PolicyMistakeTests).GetMethod(nameof(Is_refused_with_path_and_expectation))!.GetCustomAttributes(false).OfType<InlineDataAttribute>().Select(d => (string)d.Data[0]!).Order());

    [Theory]
    [InlineData("", 1)]
    [InlineData("{\n  \"name\": \"x\",\n  oops\n}", 3)]
    [InlineData("{\n  \"name\": \"x\"", 2)]
    [InlineData("[]", 1)]
    [InlineData("{} {}", 1)]
    public void What_is_no_document_is_refused_with_its_line(string text, int line)
    {
        Assert.Null(SupportPolicy.Read(1, Encoding.UTF8.GetBytes(text), out var mistakes));
        Assert.Contains($"line {line},", Assert.Single(mistakes).Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_given_twice_is_refused()
    {
        var text = TheDefaultPolicy.Text.Replace("\"capacity\":", "\"warnings\": { \"left\": [ 0.5 ] },\n  \"capacity\":", StringComparison.Ordinal);

        Assert.Null(SupportPolicy.Read(1, Encoding.UTF8.GetBytes(text), out var mistakes));
        Assert.Contains("warnings", Assert.Single(mistakes).Expected, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        Assert.Null(TheDefaultPolicy.Read(p => { Changes["no capacity"](p); Changes["no name"](p); }, out var mistakes));
        Assert.Equal(["/capacity/cases", "/name"], mistakes.Select(m => m.Path).Order());
    }
}
