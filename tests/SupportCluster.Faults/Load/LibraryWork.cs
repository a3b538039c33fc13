using System.Net;
using SupportCluster.Client;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Faults.Load;

/// <summary>People who work with the client library: it repeats what has no answer by itself, over a kill and the next start.</summary>
internal sealed class LibraryWork(Desk desk, Api api, CancellationToken stop)
{
    private static readonly TimeSpan Thought = TimeSpan.FromMilliseconds(120);

    internal Task Start() => Task.WhenAll(Repeat("rep.desk"), Repeat("manager.apj"));

    private async Task Repeat(string persona)
    {
        using var keys = new KeyNoting();
        using var client = new SupportClusterClient(api.Options(persona, keys), RealTime.Provider) { RepeatFor = TimeSpan.FromMinutes(2) };
        var number = "";
        while (!stop.IsCancellationRequested)
        {
            keys.Begin();
            var marker = desk.Marker();
            var (kind, call) = number.Length == 0 || desk.Chance(12) == 0
                ? (CommandKind.Submit, client.Submit(new SubmitCase(People.Product, $"Trouble {marker}", marker, 3, People.WideContract, People.Contacts[0], Channel.Email)))
                : desk.Chance(3) switch
                {
                    0 => (CommandKind.Note, client.Note(number, new AddNote(marker, Internal: true))),
                    1 => (CommandKind.Severity, client.ChangeSeverity(number, new ChangeSeverity(1 + desk.Chance(4), marker))),
                    _ => (CommandKind.Ask, client.Ask(number, new AskCustomer(marker))),
                };
            var command = new Command(kind, default, persona, kind == CommandKind.Submit ? null : number, marker, Outcome.Unknown);
            CaseView? view = null;
            try
            {
                view = await call;
                number = view.Number;
                command = command with { Outcome = Outcome.Acknowledged, Case = number, Version = view.Version, Owner = view.Owner };
            }
            catch (SupportClusterException refused) when (refused.Status is { } status && status < HttpStatusCode.InternalServerError)
            {
                command = command with { Outcome = Outcome.Refused, Code = refused.Code };
            }
            catch (SupportClusterException failed)
            {
                command = command with { Code = failed.Code };
                if (failed.Status == HttpStatusCode.InternalServerError)
                {
                    desk.Errors.Enqueue($"{kind} {keys.Key}: {failed.Code}");
                }
            }
            catch (OutcomeUnknownException)
            {
                // Recorded as that.
            }

            desk.Record(command with { Key = keys.Key, Attempts = keys.Attempts, AnsweredAt = RealTime.Now }, view, asStaff: true);
            await RealTime.Think(Thought, default);
        }
    }

    /// <summary>Notes the key that the library gives to a command, and how often it sends it. One command at a time.</summary>
    private sealed class KeyNoting() : DelegatingHandler(new SocketsHttpHandler())
    {
        internal Guid Key { get; private set; }

        internal int Attempts { get; private set; }

        internal void Begin() => (Key, Attempts) = (default, 0);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Headers.TryGetValues("Idempotency-Key", out var values))
            {
                var key = Guid.Parse(values.Single());
                if (Attempts > 0 && key != Key)
                {
                    throw new InvalidOperationException("The library changed the key of a command.");
                }

                (Key, Attempts) = (key, Attempts + 1);
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
