-- The nodes of a cluster, for Orleans' own ADO.NET membership: it asks only by the queries below, by its names of parameters and columns.
-- A change of the nodes counts the cluster's version on, in the same statement: of two changes decided on one version the second does nothing.
CREATE TABLE cluster_versions (
    cluster_id text PRIMARY KEY,
    version integer NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE cluster_nodes (
    cluster_id text NOT NULL REFERENCES cluster_versions,
    address text NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    name text NOT NULL,
    host text NOT NULL,
    status integer NOT NULL,
    gateway_port integer,
    suspicions text,
    started_at timestamptz NOT NULL,
    alive_at timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, address, port, generation)
);

CREATE VIEW cluster_members AS
SELECT v.cluster_id, v.version AS "Version", n.address AS "Address", n.port AS "Port", n.generation AS "Generation", n.name AS "SiloName", n.host AS "HostName",
    n.status AS "Status", n.gateway_port AS "ProxyPort", n.suspicions AS "SuspectTimes", n.started_at AS "StartTime", n.alive_at AS "IAmAliveTime"
FROM cluster_versions v LEFT JOIN cluster_nodes n USING (cluster_id);

CREATE TABLE orleansquery (querykey text PRIMARY KEY, querytext text NOT NULL);

INSERT INTO orleansquery VALUES
('InsertMembershipVersionKey', '
    WITH made AS (INSERT INTO cluster_versions (cluster_id) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*)::int FROM made'),
('InsertMembershipKey', '
    WITH counted AS (
        UPDATE cluster_versions SET version = version + 1, changed_at = now()
        WHERE cluster_id = @DeploymentId AND version = @Version
            AND NOT EXISTS (SELECT 1 FROM cluster_nodes WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING cluster_id),
    added AS (
        INSERT INTO cluster_nodes (cluster_id, address, port, generation, name, host, status, gateway_port, started_at, alive_at)
        SELECT cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM counted
        RETURNING 1)
    SELECT count(*)::int FROM added'),
('UpdateMembershipKey', '
    WITH counted AS (
        UPDATE cluster_versions SET version = version + 1, changed_at = now()
        WHERE cluster_id = @DeploymentId AND version = @Version
            AND EXISTS (SELECT 1 FROM cluster_nodes WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING cluster_id),
    changed AS (
        UPDATE cluster_nodes n SET status = @Status, suspicions = @SuspectTimes, alive_at = @IAmAliveTime
        FROM counted c WHERE n.cluster_id = c.cluster_id AND address = @Address AND port = @Port AND generation = @Generation
        RETURNING 1)
    SELECT count(*)::int FROM changed'),
('UpdateIAmAlivetimeKey', '
    UPDATE cluster_nodes SET alive_at = @IAmAliveTime
    WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation'),
('MembershipReadAllKey', '
    SELECT * FROM cluster_members WHERE cluster_id = @DeploymentId'),
('MembershipReadRowKey', '
    SELECT v.version AS "Version", n.address AS "Address", n.port AS "Port", n.generation AS "Generation", n.name AS "SiloName", n.host AS "HostName",
        n.status AS "Status", n.gateway_port AS "ProxyPort", n.suspicions AS "SuspectTimes", n.started_at AS "StartTime", n.alive_at AS "IAmAliveTime"
    FROM cluster_versions v LEFT JOIN cluster_nodes n ON n.cluster_id = v.cluster_id AND n.address = @Address AND n.port = @Port AND n.generation = @Generation
    WHERE v.cluster_id = @DeploymentId'),
('GatewaysQueryKey', '
    SELECT address AS "Address", gateway_port AS "ProxyPort", generation AS "Generation" FROM cluster_nodes
    WHERE cluster_id = @DeploymentId AND status = @Status AND gateway_port > 0'),
('DeleteMembershipTableEntriesKey', '
    WITH gone AS (DELETE FROM cluster_nodes WHERE cluster_id = @DeploymentId)
    DELETE FROM cluster_versions WHERE cluster_id = @DeploymentId'),
('CleanupDefunctSiloEntriesKey', '
    DELETE FROM cluster_nodes WHERE cluster_id = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3'),
('CleanupDefunctSiloEntryKey', '
    DELETE FROM cluster_nodes WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation AND alive_at < @IAmAliveTime AND status <> 3');

INSERT INTO store_version (version) VALUES (2);
