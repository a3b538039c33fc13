using System.Globalization;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;

namespace SupportCluster.Benchmarks;

/// <summary>
/// A command to a case with 10,000 events beside one to a case with 10, in turns: the case reads and writes its state, not its history.
/// Told besides: the first command after an activation, and a case whose events are questions and answers, whose state remembers every hold.
/// Options: <c>--passes</c> 15 of 200 commands each.
/// </summary>
internal static class LongCaseScenario
{
    internal static async Task Run(Options options)
    {
        var passes = options.Number("passes", options.Quick ? 7 : 15);
        var root = options.Root();
        try
        {
            await using var node = await Node.Start(Path.Combine(root, "node"));
            var (shortOne, longOne, talkative) = (CaseNumber.Of(4, 1), CaseNumber.Of(4, 2), CaseNumber.Of(4, 3));
            await Make(node, shortOne, 10, asked: false);
            await Make(node, longOne, 10_000, asked: false);
            await Make(node, talkative, 10_000, asked: true);
            var costs = new Dictionary<CaseNumber, List<double>> { [shortOne] = [], [longOne] = [], [talkative] = [] };
            var cold = new Dictionary<CaseNumber, double>();
            Console.WriteLine(Phase.Heading);
            for (var pass = -3; pass < passes; pass++)
            {
                foreach (var number in costs.Keys)
                {
                    var left = pass == -3 ? 1 : 200;
                    var phase = await Phase.Run(1, null, async _ => left-- > 0 && await Note(node, number));
                    if (pass == -3)
                    {
                        cold[number] = phase.Figures.P50.TotalMilliseconds;
                    }
                    else if (pass >= 0)
                    {
                        costs[number].Add(phase.Figures.P50.TotalMilliseconds);
                        if (pass == passes - 1)
                        {
                            phase.Print(number == shortOne ? "10 events" : number == longOne ? "10,000 events" : "10,000 events, 2,500 questions and answers", 1);
                        }
                    }
                }
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"first command, ms: {cold[shortOne]:F1}, {cold[longOne]:F1}, {cold[talkative]:F1}; the talkative case costs {Wanted.Median(costs[talkative]) / Wanted.Median(costs[shortOne]):F2} times the short one"));
            Wanted.AtMost("times the cost at 10 events, at 10,000", Wanted.Median(costs[longOne].Zip(costs[shortOne], (l, s) => l / s)), 1.2);
        }
        finally
        {
            options.Clear(root);
        }
    }

    private static async Task<bool> Note(Node node, CaseNumber number)
    {
        var (command, actor) = Lives.Note();
        await node.Command(number, command, actor);
        return true;
    }

    private static async Task Make(Node node, CaseNumber number, int events, bool asked)
    {
        var opened = Node.Clock.GetCurrentInstant();
        var (note, manager) = Lives.Note();
        var history = Enumerable.Range(0, events - 3).Select(n => ((asked ? n % 4 : 0) switch
        {
            1 => (CaseCommand)new CaseCommand.AskCustomer(Lives.Text(60)),
            3 => new CaseCommand.Answer(Lives.Text(60)),
            _ => note,
        }, manager, opened)).Prepend((Lives.Open(number), Actor.System, opened));
        await node.Store.Write(Lives.Write(number, history));
    }
}
