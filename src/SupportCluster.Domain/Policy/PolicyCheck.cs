using System.Text.Json;
using System.Text.RegularExpressions;
using NodaTime;
using SupportCluster.Domain.Calendars;
using SupportCluster.Domain.Centres;
using SupportCluster.Domain.Milestones;

namespace SupportCluster.Domain.Policy;

/// <summary>Finds mistakes in a policy document: each with the path of its key and what was expected there.</summary>
internal static partial class PolicyCheck
{
    internal static IReadOnlyList<PolicyMistake> Find(PolicyDocument policy, int firstHolidayYear, int lastHolidayYear)
    {
        var found = new List<PolicyMistake>();
        void Expect(bool condition, string path, string expected)
        {
            if (!condition)
            {
                found.Add(new(path, expected));
            }
        }

        Expect(!string.IsNullOrWhiteSpace(policy.Name), "/name", "a name for the policy");
        Pattern(policy.Identifiers.SupportId, "/identifiers/supportId");
        Pattern(policy.Identifiers.SerialNumber, "/identifiers/serialNumber");

        Expect(policy.Regions.Count > 0, "/regions", "at least one region");
        foreach (var (code, region) in policy.Regions)
        {
            var path = $"/regions/{Escape(code)}";
            Expect(Slug.IsValid(code), path, $"a region code of {Slug.Form}");
            Expect(region.CaseDigit is >= 1 and <= 9, $"{path}/caseDigit", "a digit from 1 to 9");
            Expect(policy.Regions.Values.Count(r => r.CaseDigit == region.CaseDigit) == 1, $"{path}/caseDigit", "a digit that no other region has");
            Expect(region.Languages.Count > 0, $"{path}/languages", "at least one ISO 639 language code");
            Ladder(region.Ladder, $"{path}/ladder");
            if (region.Duty is { } duty)
            {
                Expect(duty.Managers.Count > 0, $"{path}/duty/managers", "at least one manager, so that there is no gap");
                Expect(duty.Managers.All(m => !string.IsNullOrWhiteSpace(m)), $"{path}/duty/managers", "ids of managers");
                Expect(duty.Length > 0, $"{path}/duty/length", "1 or more");
                Expect(DutyRoster.AnchorPattern.Parse(duty.Anchor).Success, $"{path}/duty/anchor", "a local date and time such as 2026-01-05T08:00");
                Expect(SupportPolicy.FindZone(duty.Zone) is not null, $"{path}/duty/zone", "an IANA time zone such as Europe/Dublin");
            }
        }

        foreach (var (code, centre) in policy.Centres ?? new Dictionary<string, CentreRules>())
        {
            var path = $"/centres/{Escape(code)}";
            Expect(Slug.IsValid(code), path, $"a code of {Slug.Form}");
            Expect(code != SupportPolicy.World && !policy.Regions.ContainsKey(code), path, $"a code that is no region's, and not '{SupportPolicy.World}': each has a wallboard of that name");
            Expect(!string.IsNullOrWhiteSpace(centre.Name), $"{path}/name", "a name for the centre");
            Expect(policy.Regions.ContainsKey(centre.Region), $"{path}/region", $"one of {string.Join(", ", policy.Regions.Keys)}");
            Expect(SupportPolicy.FindZone(centre.Zone) is not null, $"{path}/zone", "an IANA time zone such as Europe/Dublin");
            if (centre.Hours is { } opening)
            {
                Hours(opening, $"{path}/hours");
            }

            Expect(centre.Holidays?.All(IsCountry) != false, $"{path}/holidays", "ISO 3166 country codes of two capital letters");
            var spoken = policy.Regions.GetValueOrDefault(centre.Region)?.Languages;
            Expect(centre.Languages is null || (centre.Languages.Count > 0 && (spoken is null || centre.Languages.All(spoken.Contains))), $"{path}/languages",
                $"one or more of {string.Join(", ", spoken ?? [])}");
            Expect(centre.ProductLines is null || (centre.ProductLines.Count > 0 && centre.ProductLines.All(l => !string.IsNullOrWhiteSpace(l))), $"{path}/productLines",
                "at least one product line; leave the member out for all");
        }

        Expect(!policy.Regions.ContainsKey(SupportPolicy.World), $"/regions/{SupportPolicy.World}", $"another code: '{SupportPolicy.World}' means all regions");

        Hours(policy.BusinessHours.Hours, "/businessHours/hours");

        foreach (var (country, file) in policy.BusinessHours.Holidays)
        {
            var path = $"/businessHours/holidays/{Escape(country)}";
            Expect(IsCountry(country), path, "an ISO 3166 country code of two capital letters");
            try
            {
                _ = HolidayFile.Parse(file, firstHolidayYear, lastHolidayYear);
            }
            catch (FormatException e)
            {
                Expect(false, path, e.Message);
            }
        }

        Target(policy.Acknowledgement, "/acknowledgement");
        Expect(policy.Acknowledgement.Within is not null, "/acknowledgement/within", "a duration such as PT15M");

        foreach (var (name, table) in policy.Targets)
        {
            for (var severity = 1; severity <= 4; severity++)
            {
                Expect(table.ContainsKey($"{severity}"), $"/targets/{Escape(name)}", $"targets for severity {severity}");
            }

            foreach (var (severity, targets) in table)
            {
                var path = $"/targets/{Escape(name)}/{Escape(severity)}";
                Expect(severity is "1" or "2" or "3" or "4", path, "a severity from 1 to 4");
                Target(targets.InitialResponse, $"{path}/initialResponse");
                Expect(targets.InitialResponse.HasDeadline, $"{path}/initialResponse", "a target with a deadline: within, days or businessDays");
                Target(targets.SolutionProposal, $"{path}/solutionProposal");
                if (targets.ServiceRestoration is { } restoration)
                {
                    Target(restoration, $"{path}/serviceRestoration");
                    Expect(restoration.HasDeadline, $"{path}/serviceRestoration", "a target with a deadline: within, days or businessDays");
                }

                Expect(targets.ResponseChannels.Count > 0, $"{path}/responseChannels", "at least one of online, phone, email, liveTransfer, callBack");
            }
        }

        Expect(policy.Warnings.Left.All(left => left is > 0 and < 1), "/warnings/left", "fractions between 0 and 1, such as 0.25");
        Expect(policy.Warnings.Left.Zip(policy.Warnings.Left.Skip(1)).All(pair => pair.First > pair.Second), "/warnings/left", "fractions in descending order");

        Expect(policy.Offers.Count > 0, "/offers", "at least one offer, weakest first");
        for (var i = 0; i < policy.Offers.Count; i++)
        {
            var (offer, path) = (policy.Offers[i], $"/offers/{i}");
            Expect(Slug.IsValid(offer.Id), $"{path}/id", $"an id of {Slug.Form}");
            Expect(policy.Offers.Count(o => o.Id == offer.Id) == 1, $"{path}/id", "an id that no other offer has");
            Expect(policy.Targets.ContainsKey(offer.Targets), $"{path}/targets", $"the name of one of the tables under /targets: {string.Join(", ", policy.Targets.Keys)}");
            Expect(offer.DesignatedContacts.Limit is null or > 0, $"{path}/designatedContacts/limit", "a number of contacts from 1, or no limit");
            Expect(offer.OnSiteInterventions >= 0, $"{path}/onSiteInterventions", "0 or more");
            Expect(offer.Entitlements.ContainsKey(Entitlements.EntitlementNames.PriorityCallQueueing), $"{path}/entitlements", "priorityCallQueueing: yes, no or optional");
            foreach (var (name, value) in offer.Entitlements)
            {
                var acted = name is Entitlements.EntitlementNames.PriorityCallQueueing or Entitlements.EntitlementNames.ContinuousService;
                Expect(acted ? value is "yes" or "no" or "optional" : !string.IsNullOrWhiteSpace(value), $"{path}/entitlements/{Escape(name)}", acted ? "yes, no or optional" : "yes, no, optional, or what kind");
            }

        }

        foreach (var (id, criterion) in policy.Intake.Criteria)
        {
            Expect(criterion.Severity is >= 1 and <= 4, $"/intake/criteria/{Escape(id)}/severity", "a severity from 1 to 4");
        }

        var subjects = Enum.GetNames<Cases.ProblemSubject>().Select(JsonNamingPolicy.CamelCase.ConvertName).ToList();
        foreach (var (subject, where) in policy.Intake.ReferredSubjects)
        {
            Expect(subjects.Contains(subject), $"/intake/referredSubjects/{Escape(subject)}", $"one of {string.Join(", ", subjects)}");
            Expect(!string.IsNullOrWhiteSpace(where), $"/intake/referredSubjects/{Escape(subject)}", "where such a request is sent");
        }

        Expect(policy.Cases.ReopenWithin >= Duration.Zero, "/cases/reopenWithin", "a duration such as P14D");
        Expect(policy.Cases.CloseAfterBusinessDays > 0, "/cases/closeAfterBusinessDays", "1 or more");
        Expect(policy.Cases.RemindAfterBusinessDays.All(d => d > 0 && d < policy.Cases.CloseAfterBusinessDays), "/cases/remindAfterBusinessDays", "days from 1 to less than closeAfterBusinessDays");
        Expect(policy.Cases.RemindAfterBusinessDays.Zip(policy.Cases.RemindAfterBusinessDays.Skip(1)).All(p => p.First < p.Second), "/cases/remindAfterBusinessDays", "days in ascending order");
        Expect(policy.Capacity.Cases > 0, "/capacity/cases", "1 or more");
        Expect(policy.Capacity.Severity1 >= 0, "/capacity/severity1", "0 or more");
        if (policy.Dispatch?.Ring is { } ring)
        {
            Longer(ring.Severity1, "/dispatch/ring/severity1");
            Longer(ring.Severity2, "/dispatch/ring/severity2");
            Longer(ring.Otherwise, "/dispatch/ring/otherwise");
        }

        if (policy.Handoffs is { } handoffs)
        {
            Longer(handoffs.Notice, "/handoffs/notice");
            Longer(handoffs.Ring, "/handoffs/ring");
        }

        if (policy.Escalations is { } escalations)
        {
            Ladder(escalations.Levels, "/escalations/levels");
            Expect(escalations.OnWarning.All(IsSeverity), "/escalations/onWarning", "severities from 1 to 4");
            Expect(escalations.OnMiss.All(IsSeverity), "/escalations/onMiss", "severities from 1 to 4");
            Expect(escalations.OnUnanswered.All(IsSeverity), "/escalations/onUnanswered", "severities from 1 to 4");
            foreach (var (person, address) in escalations.Addresses ?? new Dictionary<string, string>())
            {
                Expect(address.Length <= 254 && address.Split('@') is [{ Length: > 0 }, { Length: > 0 }] && !address.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or ',' or ';'),
                    $"/escalations/addresses/{Escape(person)}", "a mail address such as duty@example.com");
            }
        }

        if (policy.Wallboard is { } wallboard)
        {
            Expect(wallboard.Target is > 0 and <= 1, "/wallboard/target", "a fraction above 0 and up to 1, such as 0.95");
            Expect(wallboard.Amber is > 0 and <= 1, "/wallboard/amber", "a fraction above 0 and up to 1, such as 0.95");
            Expect(wallboard.Red is > 0 and <= 1, "/wallboard/red", "a fraction above 0 and up to 1, such as 0.9");
            Expect(wallboard.Red <= wallboard.Amber, "/wallboard/red", "no more than amber");
        }

        Expect(policy.Contracts.RenewalNoticeDays.All(d => d > 0), "/contracts/renewalNoticeDays", "days from 1");
        Expect(policy.Contracts.RenewalNoticeDays.Zip(policy.Contracts.RenewalNoticeDays.Skip(1)).All(p => p.First > p.Second), "/contracts/renewalNoticeDays", "days in descending order");
        return found;

        void Ladder(IReadOnlyList<EscalationLevelRules>? levels, string path)
        {
            Expect(levels is not { Count: 0 }, path, "at least one level");
            for (var i = 0; i < levels?.Count; i++)
            {
                Longer(levels[i].Severity1, $"{path}/{i}/severity1");
                Longer(levels[i].Otherwise, $"{path}/{i}/otherwise");
            }
        }

        static bool IsSeverity(int severity) => severity is >= 1 and <= 4;

        static bool IsCountry(string text) => text.Length == 2 && text.All(char.IsAsciiLetterUpper);

        void Longer(Duration duration, string path) => Expect(duration > Duration.Zero, path, "a duration longer than zero");

        void Hours(string text, string path)
        {
            try
            {
                _ = WeeklyHours.Parse(text);
            }
            catch (FormatException e)
            {
                Expect(false, path, e.Message);
            }
        }

        void Pattern(string pattern, string path)
        {
            try
            {
                _ = SupportPolicy.WholeText(pattern);
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                Expect(false, path, $"a regular expression ({e.Message})");
            }
        }

        void Target(TargetRules target, string path)
        {
            var given = (target.Within is null ? 0 : 1) + (target.Days is null ? 0 : 1) + (target.BusinessDays is null ? 0 : 1);
            Expect(given == 1 || (given == 0 && target.ComingUpdate == true), path, "exactly one of within, days and businessDays, or comingUpdate alone");
            Expect(target.Within is null || target.Within > Duration.Zero, $"{path}/within", "a duration longer than zero");
            Expect(target.Days is null or > 0, $"{path}/days", "1 or more");
            Expect(target.BusinessDays is null or > 0, $"{path}/businessDays", "1 or more");
            Expect(target.End is null || target.BusinessDays is not null, $"{path}/end", "only together with businessDays");
        }
    }

    /// <summary>Nulls, which no member of a policy may be: what does not apply is left out.</summary>
    internal static List<PolicyMistake> Nulls(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var found = new List<PolicyMistake>();
        var root = JsonElement.ParseValue(ref reader);
        Visit(root, "");
        return found;

        void Visit(JsonElement value, string path)
        {
            if (value.ValueKind == JsonValueKind.Null)
            {
                found.Add(new(path, "a value; leave the member out where there is none"));
            }
            else if (value.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in value.EnumerateObject())
                {
                    Visit(member.Value, $"{path}/{Escape(member.Name)}");
                }
            }
            else if (value.ValueKind == JsonValueKind.Array)
            {
                var i = 0;
                foreach (var item in value.EnumerateArray())
                {
                    Visit(item, $"{path}/{i++}");
                }
            }
        }
    }

    /// <summary>Turns the serializer's path (<c>$.offers[0].clock</c>, <c>$.targets['a.b']</c>) into a JSON pointer.</summary>
    internal static string Pointer(string? path) => path is null ? "" : string.Concat(PathStep().Matches(path).Select(step =>
        "/" + Escape(step.Groups["quoted"].Success ? step.Groups["quoted"].Value : step.Groups["plain"].Value)));

    /// <summary>What was expected, in terms of JSON instead of the serializer's, with the line (a mistake of syntax has no better place).</summary>
    internal static string Plain(JsonException e)
    {
        var end = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        var message = end < 0 ? e.Message : e.Message[..end];
        var steps = Pointer(e.Path).Split('/').Skip(1).ToList();
        if (message.Contains("could not be converted", StringComparison.Ordinal))
        {
            message = Form(TypeAt(steps));
        }
        else if (message.Contains("could not be mapped", StringComparison.Ordinal))
        {
            message = $"no such member; there are {string.Join(", ", TypeAt(steps.SkipLast(1))?.GetProperties().Where(p => p.CanWrite).Select(Name) ?? [])}";
        }
        else if (Missing().Match(message) is { Success: true } missing)
        {
            message = $"the members {missing.Groups["names"].Value}, which are missing";
        }

        return e.LineNumber is { } line ? $"{message} (line {line + 1}, byte {(e.BytePositionInLine ?? 0) + 1})" : message;
    }

    /// <summary>The type that a policy has at a path.</summary>
    private static Type? TypeAt(IEnumerable<string> steps) => steps.Aggregate((Type?)typeof(PolicyDocument), (type, step) =>
        type is null ? null
        : type.IsGenericType && type.Name.StartsWith("IReadOnly", StringComparison.Ordinal) ? type.GetGenericArguments()[^1]
        : type.GetProperties().FirstOrDefault(p => Name(p) == step)?.PropertyType is { } found ? Nullable.GetUnderlyingType(found) ?? found
        : null);

    private static string Name(System.Reflection.PropertyInfo property) =>
        property.GetCustomAttributes(false).OfType<System.Text.Json.Serialization.JsonPropertyNameAttribute>().FirstOrDefault()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static string Form(Type? type) => type switch
    {
        null => "another kind of value",
        { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))}",
        _ when type == typeof(int) => "a whole number",
        _ when type == typeof(double) => "a number",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(string) => "a text",
        { IsGenericType: true, Name: "IReadOnlyList`1" } => "a list",
        _ => "an object",
    };

    [GeneratedRegex(@"\['(?<quoted>[^']*)'\]|\[(?<plain>[0-9]+)\]|\.(?<plain>[^.\[]+)")]
    private static partial Regex PathStep();

    [GeneratedRegex(@"was missing required properties including: (?<names>.*?)\.?$")]
    private static partial Regex Missing();

    private static string Escape(string key) => key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
