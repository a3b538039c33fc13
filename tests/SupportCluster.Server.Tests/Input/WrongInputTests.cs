using System.Net.Http.Headers;
using System.Text;

namespace SupportCluster.Server.Tests.Input;

/// <summary>Wrong requests: each is answered by a problem that says what and where, and changes nothing.</summary>
public sealed class WrongInputTests(Running.Server server) : IClassFixture<Running.Server>
{
    private const string Report = """ "product":"backup-exec","title":"t","description":"d","severity":3 """;
    private const string Known = """ "supportId":"wrong","contact":"contact.wrong" """;

    [Theory]
    [InlineData("""{""", "malformed", "")]
    [InlineData("", "malformed", "")]
    [InlineData("null", "malformed", "")]
    [InlineData("[]", "malformed", "")]
    [InlineData("\"text\"", "malformed", "")]
    [InlineData($$"""{{{Known}},{{Report}},}""", "malformed", "")]
    [InlineData($$"""{{{Known}},{{Report}}} {}""", "malformed", "")]
    [InlineData($$"""{{{Known}},{{Report}},"colour":"red"}""", "malformed", "/colour")]
    [InlineData($$"""{{{Known}},{{Report}},"Channel":"phone"}""", "malformed", "/Channel")]
    [InlineData($$"""{{{Known}},{{Report}},"environment":{"os":"Debian"} }""", "malformed", "/environment/os")]
    [InlineData($$"""{{{Known}},"title":"t","description":"d","severity":3}""", "malformed", "")]
    [InlineData($$"""{{{Known}},"product":null,"title":"t","description":"d","severity":3}""", "malformed", "/product")]
    [InlineData($$"""{{{Known}},"product":7,"title":"t","description":"d","severity":3}""", "malformed", "/product")]
    [InlineData($$"""{{{Known}},"product":"backup-exec","title":"t","description":"d","severity":"3"}""", "malformed", "/severity")]
    [InlineData($$"""{{{Known}},"product":"backup-exec","title":"t","description":"d","severity":1.5}""", "malformed", "/severity")]
    [InlineData($$"""{{{Known}},"product":"backup-exec","title":"t","description":"d","severity":99999999999}""", "malformed", "/severity")]
    [InlineData($$"""{{{Known}},{{Report}},"workaroundAvailable":"yes"}""", "malformed", "/workaroundAvailable")]
    [InlineData($$"""{{{Known}},{{Report}},"channel":"pigeon"}""", "malformed", "/channel")]
    [InlineData($$"""{{{Known}},{{Report}},"channel":1}""", "malformed", "/channel")]
    [InlineData($$"""{{{Known}},{{Report}},"channel":"phone, email"}""", "malformed", "/channel")]
    [InlineData($$"""{{{Known}},{{Report}},"criteria":"production-down"}""", "malformed", "/criteria")]
    [InlineData($$"""{{{Known}},{{Report}},"criteria":[null]}""", "malformed", "/criteria/0")]
    [InlineData($$"""{{{Known}},{{Report}},"namedContacts":[null]}""", "malformed", "/namedContacts/0")]
    [InlineData($$"""{{{Known}},{{Report}},"environment":{"evidence":[null]} }""", "malformed", "/environment/evidence/0")]
    [InlineData($$"""{{{Known}},"product":"backup-exec","title":"\ud800","description":"d","severity":3}""", "malformed", "/title")]
    [InlineData($$"""{{{Known}},"product":"backup-exec","title":"a\u0007b","description":"d","severity":3}""", "title-malformed", "/title")]
    [InlineData($$"""{{{Known}},"product":"backup-exec","title":"a\nb","description":"d","severity":3}""", "title-malformed", "/title")]
    [InlineData($$"""{{{Known}},"product":"backup-exec","title":" ","description":"d","severity":3}""", "text-missing", "/title")]
    [InlineData($$"""{{{Known}},"product":"backup-exec","title":"t","description":"","severity":3}""", "text-missing", "/description")]
    [InlineData($$"""{{{Known}},"product":"backup-exec","title":"t","description":"d","severity":0}""", "severity-malformed", "/severity")]
    [InlineData($$"""{{{Known}},"product":"backup-exec","title":"t","description":"d","severity":5}""", "severity-malformed", "/severity")]
    [InlineData($$"""{{{Known}},{{Report}},"channel":"callBack"}""", "channel-malformed", "/channel")]
    [InlineData($$"""{{{Known}},{{Report}},"criteria":["limited-effect","the-sky-falls"]}""", "criterion-unknown", "/criteria/1")]
    [InlineData($$"""{{{Known}},{{Report}},"serialNumber":"?"}""", "serial-number-malformed", "/serialNumber")]
    [InlineData($$"""{ "contact":"contact.wrong",{{Report}}}""", "support-id-missing", "/supportId")]
    [InlineData($$"""{ "supportId":"wrong",{{Report}}}""", "contact-missing", "/contact")]
    public async Task A_malformed_report_is_a_400_that_names_the_place_and_opens_no_case(string body, string code, string pointer)
    {
        await server.Conclude("wrong");

        var answer = await server.As("rep").Post("/api/cases", body);

        answer.Refused(400, code);
        if (pointer.Length > 0)
        {
            Assert.Contains(pointer, answer["errors"].EnumerateObject().Select(e => e.Name));
        }

        Assert.Empty((await server.As("rep").Get("/api/cases?supportId=wrong")).Ok().Items());
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_malformed()
    {
        await server.Conclude("bytes");

        (await server.As("rep").Post("/api/cases", (byte[])[.. """{"supportId":"bytes","contact":"contact.bytes","product":"backup-exec","description":"d","severity":3,"title":" """u8, 0xC3, 0x28, .. "\"}"u8])).Refused(400, "malformed");
        (await server.As("rep").Post("/api/cases", Encoding.Unicode.GetBytes("{}"))).Refused(400, "malformed");
        (await server.As("rep").Post("/api/cases", $"{new string('[', 200)}{new string(']', 200)}")).Refused(400, "malformed");
    }

    [Theory]
    [InlineData("""{"channel":"pigeon","text":"t"}""", "respond", "online, phone, email, liveTransfer, callBack")]
    [InlineData("""{"kind":"magic","text":"t"}""", "propose", "fix, newCode, maintenancePack, newRelease, workaroundAsFinal, adviceToMigrate, plannedForComingVersion, otherSteps")]
    [InlineData("""{"milestone":"tea","cause":"forceMajeure","reason":"r"}""", "excuse", "acknowledgement, initialResponse, serviceRestoration, solutionProposal")]
    [InlineData("""{"milestone":"initialResponse","cause":"dog","reason":"r"}""", "excuse", "networkOutage, systemOutage, telephoneOutage, forceMajeure, noKnownFix")]
    public async Task An_unknown_word_is_answered_with_the_words_that_are_allowed(string body, string action, string words)
    {
        await server.Conclude("words");
        var number = await server.Submit("words");

        var answer = (await server.As("manager.emea").Post($"/api/cases/{number}/{action}", body)).Refused(400, "malformed");

        Assert.Contains(words, answer["detail"].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?status=lost", "reported, queued, inProgress, waitingForCustomer, solutionProposed, closed")]
    [InlineData("?status=99", "reported, queued")]
    [InlineData("?status=3", "reported, queued")]
    [InlineData("?status=QUEUED", "reported, queued")]
    public async Task An_unknown_status_in_a_list_is_answered_with_the_words_that_are_allowed(string query, string words) =>
        Assert.Contains(words, (await server.As("rep").Get($"/api/cases{query}")).Problem()["detail"].GetString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("/api/cases?limit=0", "limit-malformed")]
    [InlineData("/api/cases?limit=201", "limit-malformed")]
    [InlineData("/api/cases?limit=-1", "limit-malformed")]
    [InlineData("/api/cases?limit=x", "malformed")]
    [InlineData("/api/cases?limit=99999999999", "malformed")]
    [InlineData("/api/cases?after=x", "cursor-malformed")]
    [InlineData("/api/cases?after=-1", "cursor-malformed")]
    [InlineData("/api/cases?open=maybe", "malformed")]
    [InlineData("/api/cases?severity=x", "malformed")]
    [InlineData("/api/cases?severity=9", "severity-malformed")]
    [InlineData("/api/cases?text=***", "text-malformed")]
    [InlineData("/api/cases?text=", "text-malformed")]
    [InlineData("/api/contracts?limit=0", "limit-malformed")]
    [InlineData("/api/engineers?limit=0", "limit-malformed")]
    [InlineData("/api/imports/NO", "source-malformed")]
    [InlineData("/api/cases/4001122330", "case-number-malformed")]
    [InlineData("/api/cases/12", "case-number-malformed")]
    [InlineData("/api/cases/x", "case-number-malformed")]
    [InlineData("/api/cases/4001122330/history", "case-number-malformed")]
    public async Task A_malformed_address_is_a_400(string path, string code) => (await server.As("admin").Get(path)).Refused(400, code);

    [Theory]
    [InlineData("limit=0", "limit-malformed")]
    [InlineData("after=x", "malformed")]
    [InlineData("after=-1", "cursor-malformed")]
    public async Task A_malformed_place_in_a_history_is_a_400(string query, string code)
    {
        await server.Conclude("place");
        var number = await server.Submit("place");

        (await server.As("rep").Get($"/api/cases/{number}/history?{query}")).Refused(400, code);
        (await server.As("rep").Get($"/api/contracts/place/history?{query}")).Refused(400, code);
    }

    [Theory]
    [InlineData("GET", "/api/nothing", 404, "not-found")]
    [InlineData("GET", "/nothing", 404, "not-found")]
    [InlineData("GET", "/api/cases/4001122337/nothing", 404, "not-found")]
    [InlineData("GET", "/api/policy/versions/x", 404, "not-found")]
    [InlineData("GET", "/api/policy/versions/0", 404, "policy-not-found")]
    [InlineData("GET", "/api/policy/versions/-1", 404, "policy-not-found")]
    [InlineData("GET", "/api/policy/versions/999", 404, "policy-not-found")]
    [InlineData("GET", "/api/contracts/nobody", 404, "contract-not-found")]
    [InlineData("GET", "/api/contracts/%20", 404, "contract-not-found")]
    [InlineData("GET", "/api/contracts/..%2f..", 404, "contract-not-found")]
    [InlineData("GET", "/api/engineers/nobody", 404, "engineer-not-found")]
    [InlineData("GET", "/api/engineers/%20", 404, "engineer-not-found")]
    [InlineData("GET", "/api/queues/mars/backup", 404, "queue-not-found")]
    [InlineData("GET", "/api/queues/emea/%20", 404, "queue-not-found")]
    [InlineData("DELETE", "/api/cases", 405, "method-not-allowed")]
    [InlineData("PUT", "/api/cases/4001122337", 405, "method-not-allowed")]
    [InlineData("GET", "/api/cases/4001122337/take", 405, "method-not-allowed")]
    [InlineData("POST", "/api/me", 405, "method-not-allowed")]
    public async Task What_is_not_there_is_a_problem_too(string method, string path, int status, string code) =>
        (await server.As("admin").Send(new HttpMethod(method), path)).Refused(status, code);

    [Fact]
    public async Task A_body_that_is_not_json_is_a_415()
    {
        await server.Conclude("type");
        foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded", "application/xml" })
        {
            using var content = new StringContent($$"""{"supportId":"type","contact":"contact.type",{{Report}}}""", Encoding.UTF8, type);
            (await server.As("rep").Post("/api/cases", content)).Refused(415, "not-json");
        }

        using var untyped = new ByteArrayContent("{}"u8.ToArray());
        (await server.As("rep").Post("/api/cases", untyped)).Refused(415, "not-json");
        Assert.Empty((await server.As("rep").Get("/api/cases?supportId=type")).Ok().Items());
    }

    [Theory]
    [InlineData("POST", "/api/cases")]
    [InlineData("PUT", "/api/policy")]
    [InlineData("PUT", "/api/contracts/giant")]
    public async Task A_giant_body_is_a_413(string method, string path)
    {
        using var content = new StringContent($"\"{new string('x', 3_000_000)}\"", Encoding.UTF8, "application/json");

        (await server.As("admin" is var admin && path == "/api/cases" ? "rep" : admin).Send(new HttpMethod(method), path, content)).Refused(413, "too-large");
    }

    [Fact]
    public async Task Texts_are_limited_wherever_they_are_written()
    {
        await server.Conclude("long");
        await server.Employ("lena");
        var number = await server.SubmitAndTake("long", "lena", 1);
        var text = new string('x', 32_001);
        var manager = server.As("manager.emea");
        var before = (await manager.Get($"/api/cases/{number}")).Ok()["version"].GetInt64();

        (await server.As("contact.long").Post("/api/cases", World.Report(title: new string('x', 201)))).Refused(400, "title-malformed");
        foreach (var (action, body) in new (string, object)[]
        {
            ("note", new { text }),
            ("respond", new { channel = "callBack", text }),
            ("ask", new { text }),
            ("workaround", new { text }),
            ("restore", new { text }),
            ("propose", new { kind = "fix", text }),
            ("propose", new { kind = "plannedForComingVersion", text = "t", update = text }),
            ("release", new { reason = text }),
            ("severity", new { severity = 2, reason = text }),
            ("close", new { reason = text }),
            ("no-known-fix", new { reason = text }),
            ("contact-unavailable", new { reason = text }),
        })
        {
            (await manager.Post($"/api/cases/{number}/{action}", body)).Refused(400, "text-too-long");
        }

        (await manager.Post($"/api/cases/{number}/restore", new { text = " " })).Refused(400, "text-missing");
        Assert.Equal(before, (await manager.Get($"/api/cases/{number}")).Ok()["version"].GetInt64());

        (await manager.Post($"/api/cases/{number}/contact-unavailable", new { reason = "r" })).Ok();
        (await manager.Post($"/api/cases/{number}/contact-available", new { text })).Refused(400, "text-too-long");
        (await manager.Post($"/api/cases/{number}/propose", new { kind = "fix", text = "t" })).Ok();
        (await manager.Post($"/api/cases/{number}/accept", new { text })).Refused(400, "text-too-long");
        (await manager.Post($"/api/cases/{number}/reject", new { reason = text })).Refused(400, "text-too-long");
    }

    [Fact]
    public async Task A_blank_support_id_is_no_contract()
    {
        foreach (var supportId in new[] { "", " ", "\0", new string('x', 5000) })
        {
            (await server.As("rep").Post("/api/cases", new { supportId, contact = "c", product = "p", title = "t", description = "d", severity = 3 })).Refused(422, "contract-not-found");
            (await server.As("admin").Post("/api/import", new { source = "other", cases = new[] { new { key = "1", supportId, product = "p", productLine = "l", title = "t", severity = 3, events = Array.Empty<object>() } } })).Ok();
        }
    }

    [Theory]
    [InlineData("""{"product":"nothing"}""", "product-not-licensed", "HB-1.4", "/product")]
    [InlineData("""{"product":"toy"}""", "product-not-eligible", "HB-1.4", "/product")]
    [InlineData("""{"contact":"contact.nobody"}""", "contact-not-designated", "HB-2.1", "/contact")]
    [InlineData("""{"contact":"contact.rules.vault"}""", "contact-not-qualified", "HB-2.2", "/contact")]
    [InlineData("""{"serialNumber":"BE-9999"}""", "serial-number-unknown", "HB-1.4", "/serialNumber")]
    [InlineData("""{"namedContacts":["contact.nobody"]}""", "contact-not-designated", "HB-2.5", "/namedContacts")]
    [InlineData("""{"subject":"licenceKey"}""", "not-a-problem", "HB-8.1", "/subject")]
    [InlineData("""{"subject":"training"}""", "not-a-problem", "HB-5.1", "/subject")]
    [InlineData("""{"supportId":"nobody"}""", "contract-not-found", "HB-1.4", "/supportId")]
    [InlineData("""{"supportId":"lapsed","contact":"contact.lapsed"}""", "contract-lapsed", "HB-9.2", null)]
    [InlineData("""{"supportId":"coming","contact":"contact.coming"}""", "contract-not-started", "HB-1.4", null)]
    public async Task A_report_that_a_rule_forbids_is_a_422_that_names_the_rule(string change, string code, string rule, string? pointer)
    {
        (await server.As("admin").Put("/api/contracts/rules", World.Contract("rules", contacts: [World.Contact("contact.rules"), World.Contact("contact.rules.vault", "vault")]))).Ok();
        (await server.As("admin").Put("/api/contracts/lapsed", World.Contract("lapsed", start: "2034-01-01", end: "2035-03-04"))).Ok();
        (await server.As("admin").Put("/api/contracts/coming", World.Contract("coming", start: "2035-03-06"))).Ok();
        var report = JsonSerializer.SerializeToNode(new { supportId = "rules", contact = "contact.rules", product = "backup-exec", title = "t", description = "d", severity = 1 })!.AsObject();
        foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(change)!)
        {
            report[name] = System.Text.Json.Nodes.JsonNode.Parse(value.GetRawText());
        }

        var answer = (await server.As("rep").Post("/api/cases", report)).Refused(422, code);

        Assert.Equal(rule, answer["rule"].GetString());
        if (pointer is not null)
        {
            Assert.True(answer["errors"].TryGetProperty(pointer, out _), $"{answer}");
        }

        if (code == "contract-lapsed")
        {
            Assert.Contains("Renew", answer["detail"].GetString(), StringComparison.Ordinal);
            Assert.Equal("2035-03-04", answer["facts"].GetProperty("end").GetString());
        }

        foreach (var supportId in new[] { "rules", "lapsed", "coming" })
        {
            Assert.Empty((await server.As("rep").Get($"/api/cases?supportId={supportId}")).Ok().Items());
        }
    }

    [Theory]
    [InlineData("""{"customer":{"zone":"Mars/Olympus"}}""", 400, "zone-unknown", "/customer/zone")]
    [InlineData("""{"customer":{"zone":"europe/dublin"}}""", 400, "zone-unknown", "/customer/zone")]
    [InlineData("""{"customer":{"region":"mars"}}""", 400, "region-unknown", "/customer/region")]
    [InlineData("""{"customer":{"name":" "}}""", 400, "customer-name-missing", "/customer/name")]
    [InlineData("""{"customer":{"name":"a\nb"}}""", 400, "name-malformed", "/customer/name")]
    [InlineData("""{"customer":null}""", 400, "malformed", "/customer")]
    [InlineData("""{"offer":"platinum"}""", 400, "offer-unknown", "/offer")]
    [InlineData("""{"offerFrom":"2036-01-01T00:00:00Z"}""", 400, "offer-date-in-future", "/offerFrom")]
    [InlineData("""{"offerFrom":"tomorrow"}""", 400, "malformed", "/offerFrom")]
    [InlineData("""{"options":["teleport"]}""", 422, "option-not-offered", "/options/0")]
    [InlineData("""{"options":["continuousService"]}""", 422, "option-not-offered", "/options/0")]
    [InlineData("""{"options":[null]}""", 400, "malformed", "/options/0")]
    [InlineData("""{"term":{"start":"2026-02-01","end":"2026-01-31"}}""", 400, "term-malformed", "/term/end")]
    [InlineData("""{"term":{"start":"2026-02-30","end":"2027-01-31"}}""", 400, "malformed", "/term/start")]
    [InlineData("""{"term":{"start":"2026-02-01"}}""", 400, "malformed", "/term")]
    [InlineData("""{"products":[]}""", 400, "products-missing", "/products")]
    [InlineData("""{"products":[null]}""", 400, "malformed", "/products/0")]
    [InlineData("""{"products":[{"id":"a","line":"l"},{"id":"a","line":"l"}]}""", 400, "product-twice", "/products/0")]
    [InlineData("""{"products":[{"id":"A B","line":"l"}]}""", 400, "product-id-malformed", "/products/0")]
    [InlineData("""{"products":[{"id":"a","line":"l","site":{"zone":"x"}}]}""", 400, "zone-unknown", "/products/0/site/zone")]
    [InlineData("""{"products":[{"id":"a","line":"l","serialNumbers":["?"]}]}""", 400, "serial-number-malformed", "/products/0/serialNumbers")]
    [InlineData("""{"products":[{"id":"a","line":"l","serialNumbers":[null]}]}""", 400, "malformed", "/products/0/serialNumbers/0")]
    [InlineData("""{"contacts":[null]}""", 400, "malformed", "/contacts/0")]
    [InlineData("""{"contacts":[{"id":"No Slug","name":"n","email":"a@b"}]}""", 400, "contact-id-malformed", "/contacts/0/id")]
    [InlineData("""{"contacts":[{"id":"c","name":"n","email":"nowhere"}]}""", 400, "contact-email-malformed", "/contacts/0/email")]
    [InlineData("""{"contacts":[{"id":"c","name":"n","email":"a@b","availability":"sometimes"}]}""", 400, "availability-malformed", "/contacts/0/availability")]
    [InlineData("""{"contacts":[{"id":"c","name":"n","email":"a@b","products":["other"]}]}""", 422, "product-not-licensed", "/contacts/0/products")]
    [InlineData("""{"contacts":[{"id":"a","name":"n","email":"a@b"},{"id":"b","name":"n","email":"a@b"},{"id":"c","name":"n","email":"a@b"}]}""", 422, "contact-limit-reached", "/contacts/2")]
    public async Task A_wrong_contract_is_refused_whole(string change, int status, string code, string pointer)
    {
        var document = JsonSerializer.SerializeToNode(World.Contract("half", "basic"))!.AsObject();
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(change)!.AsObject().ToList())
        {
            if (name == "customer" && value is System.Text.Json.Nodes.JsonObject customer)
            {
                customer.ToList().ForEach(c => document["customer"]![c.Key] = c.Value?.DeepClone());
            }
            else
            {
                document[name] = value?.DeepClone();
            }
        }

        var answer = (await server.As("admin").Put("/api/contracts/half", document)).Refused(status, code);

        Assert.True(answer["errors"].TryGetProperty(pointer, out _), $"{answer}");
        (await server.As("admin").Get("/api/contracts/half")).Refused(404, "contract-not-found");
    }

    [Fact]
    public async Task A_contact_over_the_limit_is_refused_and_the_limit_named()
    {
        await server.Conclude("full", "basic", "second");

        var answer = (await server.As("contact.full").Put("/api/contracts/full/contacts/third", World.Contact("third"))).Refused(422, "contact-limit-reached");

        Assert.Equal("HB-2.1", answer["rule"].GetString());
        Assert.Equal("2", answer["facts"].GetProperty("limit").GetString());
        Assert.Contains('2', answer["detail"].GetString()!);
        Assert.Equal(2, (await server.As("rep").Get("/api/contracts/full")).Ok()["contacts"].GetArrayLength());
        (await server.As("contact.full").Put("/api/contracts/full/contacts/second", World.Contact("third"))).Refused(400, "contact-id-differs");
    }

    [Theory]
    [InlineData("Not-A-Slug", """{"name":"n","region":"emea","skills":["backup"]}""", "engineer-id-malformed")]
    [InlineData("eng-x", """{"name":" ","region":"emea","skills":["backup"]}""", "engineer-name-missing")]
    [InlineData("eng-x", """{"name":"n","region":"mars","skills":["backup"]}""", "region-unknown")]
    [InlineData("eng-x", """{"name":"n","region":"emea","skills":["back\nup"]}""", "name-malformed")]
    [InlineData("%20", """{"name":"n","region":"emea","skills":["backup"]}""", "engineer-id-malformed")]
    [InlineData("eng-x", """{"name":"n","region":"emea","skills":[]}""", "skills-missing")]
    [InlineData("eng-x", """{"name":"n","region":"emea","skills":[null]}""", "malformed")]
    [InlineData("eng-x", """{"name":"n","region":"emea","skills":["backup"],"languages":[null]}""", "malformed")]
    [InlineData("eng-x", """{"name":"n","region":"emea","skills":["backup"],"capacity":{"cases":0,"severity1":0}}""", "capacity-malformed")]
    [InlineData("eng-x", """{"name":"n","region":"emea","skills":["backup"],"capacity":{"cases":1,"severity1":2}}""", "capacity-malformed")]
    [InlineData("eng-x", """{"name":"n","region":"emea","skills":["backup"],"capacity":{"cases":1}}""", "malformed")]
    public async Task A_wrong_engineer_is_refused(string id, string body, string code)
    {
        (await server.As("admin").Put($"/api/engineers/{id}", body)).Refused(400, code);
        (await server.As("admin").Get($"/api/engineers/{id}")).Refused(404, "engineer-not-found");
    }

    [Theory]
    [InlineData("""{"persona":"god"}""", "persona-unknown")]
    [InlineData("""{"persona":"eng."}""", "persona-unknown")]
    [InlineData("""{"persona":"contact"}""", "persona-unknown")]
    [InlineData("""{"persona":""}""", "persona-unknown")]
    [InlineData("""{"persona":null}""", "malformed")]
    [InlineData("""{}""", "malformed")]
    public async Task A_wrong_persona_gets_no_token(string body, string code) => (await server.With(null).Post("/dev/token", body)).Refused(400, code);

    [Theory]
    [InlineData("""{"offer":"basic","severity":9,"zone":"Europe/Dublin"}""")]
    [InlineData("""{"offer":"none","severity":1,"zone":"Europe/Dublin"}""")]
    [InlineData("""{"offer":"basic","severity":1,"zone":"Europe/Atlantis"}""")]
    [InlineData("""{"offer":"basic","severity":1,"zone":"Europe/Dublin","at":"soon"}""")]
    public async Task A_wrong_what_if_is_a_400(string body) => Assert.Equal(HttpStatusCode.BadRequest, (await server.As("rep").Post("/api/explain", body)).Problem().Status);

    [Fact]
    public async Task A_request_under_a_foreign_host_name_gets_no_token()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/dev/token") { Content = new StringContent("""{"persona":"admin"}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        request.Headers.Host = "rebound.example.org";

        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Case_numbers_are_accepted_as_people_write_them()
    {
        await server.Conclude("spoken");
        var number = await server.Submit("spoken");

        var spoken = $"{number[..1]} {number[1..5]}-{number[5..9]} {number[9..]}";

        Assert.Equal(number, (await server.As("contact.spoken").Get($"/api/cases/{Uri.EscapeDataString(spoken)}")).Ok()["number"].GetString());
    }
}
