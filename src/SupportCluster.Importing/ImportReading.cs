using SupportCluster.Protocol.Contracts;
using SupportCluster.Protocol.Importing;

namespace SupportCluster.Importing;

/// <summary>What was read from a log: what can be sent, and what cannot.</summary>
/// <param name="Contracts">The contracts of the mapping, by support ID, with the products seen in the log.</param>
/// <param name="Cases">In the order of their first rows in the file.</param>
/// <param name="Lines">The line of each case's first row, by the case's key.</param>
/// <param name="Refused">In the order of the file.</param>
/// <param name="Rows">Rows read, refused ones included, without the header.</param>
internal sealed record ImportReading(
    IReadOnlyDictionary<string, ContractDocument> Contracts,
    IReadOnlyList<ImportedCase> Cases,
    IReadOnlyDictionary<string, int> Lines,
    IReadOnlyList<RefusedRow> Refused,
    int Rows);

/// <summary>A row that is left out, or a case, because its first row is unusable.</summary>
/// <param name="Line">Line of the file, from 1; the header is the first.</param>
/// <param name="Rows">1 for a row; for a case the number of its rows.</param>
internal sealed record RefusedRow(int Line, string? Case, bool WholeCase, int Rows, string Reason);
