-- Each service its own login role with the least rights. A role has no password until an operator
-- sets one; where services share one login, each takes its role with SET ROLE after connecting.

DO $$
DECLARE
    service text;
BEGIN
    FOREACH service IN ARRAY
        ARRAY['cdb_core', 'cdb_risk', 'cdb_execution', 'cdb_writer', 'cdb_readonly']
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = service) THEN
            -- Roles belong to the whole server: another database's migration may be faster.
            BEGIN
                EXECUTE format('CREATE ROLE %I LOGIN', service);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;
            END;
        END IF;
        IF NOT pg_has_role(current_user, service, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', service);
        END IF;
    END LOOP;
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO cdb_core, cdb_risk, cdb_execution, cdb_writer, cdb_readonly;

-- Everybody reads; nobody updates or deletes what was decided.
GRANT SELECT ON ALL TABLES IN SCHEMA public
    TO cdb_core, cdb_risk, cdb_execution, cdb_writer, cdb_readonly;
GRANT INSERT ON ledger, dead_letters TO cdb_core, cdb_risk, cdb_execution, cdb_writer;
GRANT INSERT, UPDATE ON consumer_offset TO cdb_core, cdb_risk, cdb_execution, cdb_writer;
GRANT INSERT, UPDATE, DELETE ON service_state TO cdb_core, cdb_risk, cdb_execution, cdb_writer;

-- The read tables belong to the writer.
GRANT INSERT ON signals, risk_events, fills, balances, alerts, strategy_params TO cdb_writer;
GRANT INSERT, UPDATE ON orders, trades, health_checks, metrics TO cdb_writer;
GRANT INSERT, UPDATE, DELETE ON positions TO cdb_writer;

-- A stream has one owner, and a service writes under its own name only.
ALTER TABLE ledger ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody_reads ON ledger FOR SELECT USING (true);
CREATE POLICY core_appends ON ledger FOR INSERT TO cdb_core
    WITH CHECK (stream IN ('signals', 'alerts.cdb_core'));
CREATE POLICY risk_appends ON ledger FOR INSERT TO cdb_risk
    WITH CHECK (stream IN ('risk_decisions', 'orders', 'account', 'alerts.cdb_risk'));
CREATE POLICY execution_appends ON ledger FOR INSERT TO cdb_execution
    WITH CHECK (stream IN ('order_results', 'alerts.cdb_execution'));
CREATE POLICY writer_appends ON ledger FOR INSERT TO cdb_writer
    WITH CHECK (stream = 'alerts.cdb_writer');

ALTER TABLE consumer_offset ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody_reads ON consumer_offset FOR SELECT USING (true);
CREATE POLICY own_rows ON consumer_offset FOR INSERT WITH CHECK (consumer = current_user);
CREATE POLICY own_changes ON consumer_offset FOR UPDATE USING (consumer = current_user);

ALTER TABLE service_state ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody_reads ON service_state FOR SELECT USING (true);
CREATE POLICY own_rows ON service_state FOR INSERT WITH CHECK (service = current_user);
CREATE POLICY own_changes ON service_state FOR UPDATE USING (service = current_user);
CREATE POLICY own_deletions ON service_state FOR DELETE USING (service = current_user);

ALTER TABLE dead_letters ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody_reads ON dead_letters FOR SELECT USING (true);
CREATE POLICY own_rows ON dead_letters FOR INSERT WITH CHECK (consumer = current_user);
