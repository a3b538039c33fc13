using System.Globalization;

namespace SupportCluster.Storage.Sqlite;

/// <summary>The tables, and how a file of an older version becomes one of this version.</summary>
internal static class Schema
{
    /// <summary>Marks the file as ours (PRAGMA application_id): "SCLS".</summary>
    internal const int ApplicationId = 0x53434C53;

    /// <summary>What each version added, in order. A released step is never changed: the next version appends one.</summary>
    internal static readonly string[] Steps =
    [
        // Version 1. Instants are ticks of 100 ns since 1970. In `aggregates` the state stands last: a column is cheap to read
        // when nothing large precedes it. `severity` is the order of waking, `case_severity` the directory's.
        // The indexes follow what commands change: most change none of the indexed columns but `due`.
        // Events are appended; their key is an index, because inserting them in its order splits pages all the time (measured:
        // a quarter fewer writes a second). `case_list` is the thin copy of the columns that lists filter by; the other indexes of
        // cases only say which ones to look at, newest last, and whether they are open.
        """
        CREATE TABLE aggregates (
            seq INTEGER PRIMARY KEY,
            type TEXT NOT NULL,
            id TEXT NOT NULL,
            hash INTEGER NOT NULL,
            version INTEGER NOT NULL,
            due INTEGER,
            severity INTEGER NOT NULL,
            support_id TEXT,
            region TEXT,
            queue TEXT,
            product TEXT,
            offer TEXT,
            case_severity INTEGER,
            status TEXT,
            open INTEGER,
            owner TEXT,
            priority_call INTEGER,
            title TEXT,
            language TEXT,
            opened_at INTEGER,
            next_deadline INTEGER,
            source_key TEXT,
            state BLOB NOT NULL,
            UNIQUE (type, id)
        );
        CREATE INDEX aggregate_wake ON aggregates (severity, due, hash) WHERE due IS NOT NULL;
        CREATE UNIQUE INDEX case_source_key ON aggregates (source_key) WHERE source_key IS NOT NULL;
        CREATE INDEX case_list ON aggregates (seq, open, case_severity, status, region, owner, queue, product, offer, support_id) WHERE support_id IS NOT NULL;
        CREATE INDEX case_support_id ON aggregates (support_id, seq, open) WHERE support_id IS NOT NULL;
        CREATE INDEX case_queue ON aggregates (queue, seq, open) WHERE queue IS NOT NULL;
        CREATE INDEX case_product ON aggregates (product, seq, open) WHERE product IS NOT NULL;
        CREATE INDEX case_owner ON aggregates (owner, seq, open) WHERE owner IS NOT NULL;
        CREATE INDEX case_status ON aggregates (status) WHERE status IS NOT NULL;
        CREATE INDEX case_waiting ON aggregates (queue) WHERE open = 1 AND owner IS NULL;
        CREATE INDEX case_open ON aggregates (open) WHERE open = 1;
        CREATE TABLE events (
            seq INTEGER NOT NULL,
            version INTEGER NOT NULL,
            at INTEGER NOT NULL,
            request_id BLOB,
            fingerprint INTEGER NOT NULL,
            json BLOB NOT NULL,
            UNIQUE (seq, version)
        );
        CREATE VIRTUAL TABLE case_text USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2');
        CREATE TABLE figures (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            cases INTEGER NOT NULL,
            open_cases INTEGER NOT NULL,
            open_severity1 INTEGER NOT NULL,
            events INTEGER NOT NULL,
            armed INTEGER NOT NULL
        );
        INSERT INTO figures VALUES (1, 0, 0, 0, 0, 0);
        """,

        // Version 2. Wallboards ask once a second for all open cases: they hold all that is shown in an index of their own, a
        // hundredth of the table, which only those commands write that change something of it.
        "CREATE INDEX case_board ON aggregates (next_deadline, region, queue, case_severity, owner, status, id) WHERE open = 1;",

        // Version 3. Wallboards show what is breached, escalated, handed off and ringing, and what has happened in the last hours. In rows
        // that are there the columns are null, which counts as nothing, until the case's next write. `flags` is a sum (CaseFlags). A tally's
        // `quarter` is a quarter of an hour, counted from 1970.
        """
        ALTER TABLE aggregates ADD COLUMN breached_since INTEGER;
        ALTER TABLE aggregates ADD COLUMN clock_start INTEGER;
        ALTER TABLE aggregates ADD COLUMN clock_milestone INTEGER;
        ALTER TABLE aggregates ADD COLUMN flags INTEGER;
        ALTER TABLE aggregates ADD COLUMN escalations INTEGER;
        ALTER TABLE aggregates ADD COLUMN untaken INTEGER;
        DROP INDEX case_board;
        CREATE INDEX case_board ON aggregates (
            region, queue, case_severity, owner, status, opened_at, next_deadline, breached_since, clock_start, clock_milestone, flags, escalations, untaken, id) WHERE open = 1;
        CREATE TABLE tallies (
            quarter INTEGER NOT NULL,
            region TEXT NOT NULL,
            opened INTEGER NOT NULL,
            closed INTEGER NOT NULL,
            met INTEGER NOT NULL,
            missed INTEGER NOT NULL,
            PRIMARY KEY (quarter, region)
        ) WITHOUT ROWID;
        """,
    ];

    /// <summary>The version that this program writes (PRAGMA user_version).</summary>
    internal static int Version => Steps.Length;

    /// <summary>Refuses what is not ours or too new. An empty file is a store that was never used.</summary>
    /// <returns>The version of the file; 0 when it is empty.</returns>
    internal static int Check(Connection connection, string path, int known)
    {
        var application = connection.Scalar("PRAGMA application_id");
        var version = connection.Scalar("PRAGMA user_version");
        if (application == 0 && version == 0 && connection.Scalar("SELECT count(*) FROM sqlite_schema") == 0)
        {
            return 0;
        }

        if (application != ApplicationId || version < 1)
        {
            throw new StoreException(StoreProblem.NotAStore, $"{path} is a database of another program: put the right file there, or name another data folder.");
        }

        return version <= known
            ? (int)version
            : throw new StoreException(
                StoreProblem.NewerSchema,
                string.Create(CultureInfo.InvariantCulture, $"{path} has schema version {version}, this program knows {known}: start the version of the program that wrote it, or a later one."));
    }

    /// <summary>Brings the file to the version of the last step, in one transaction.</summary>
    internal static void Migrate(Connection connection, string path, IReadOnlyList<string> steps)
    {
        if (Check(connection, path, steps.Count) == steps.Count)
        {
            return;
        }

        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            for (var version = Check(connection, path, steps.Count); version < steps.Count; version++)
            {
                connection.Execute(steps[version]);
            }

            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {steps.Count}; COMMIT"));
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }
}
