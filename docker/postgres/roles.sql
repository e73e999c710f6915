-- Who may enter the database. Runs when the data directory is made, and again whenever passwords change
-- (docs/OPERATIONS.md): every line may be repeated. What each role may touch is db/migrations/V0003__roles.sql.
\set ON_ERROR_STOP on
-- A failed line must not show its password in the log.
SET log_min_error_statement = panic;
SET log_statement = 'none';
SET client_min_messages = warning;

\getenv database POSTGRES_DB
\getenv cdb_owner POSTGRES_PASSWORD
\getenv cdb_core CDB_CORE_PASSWORD
\getenv cdb_risk CDB_RISK_PASSWORD
\getenv cdb_execution CDB_EXECUTION_PASSWORD
\getenv cdb_writer CDB_WRITER_PASSWORD
\getenv cdb_readonly CDB_READONLY_PASSWORD
\getenv cdb_exporter CDB_EXPORTER_PASSWORD

SELECT format('CREATE ROLE %I LOGIN', name)
FROM unnest(ARRAY['cdb_owner', 'cdb_core', 'cdb_risk', 'cdb_execution', 'cdb_writer', 'cdb_readonly',
    'cdb_exporter']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE cdb_owner PASSWORD :'cdb_owner';
ALTER ROLE cdb_core PASSWORD :'cdb_core';
ALTER ROLE cdb_risk PASSWORD :'cdb_risk';
ALTER ROLE cdb_execution PASSWORD :'cdb_execution';
ALTER ROLE cdb_writer PASSWORD :'cdb_writer';
ALTER ROLE cdb_readonly PASSWORD :'cdb_readonly';
ALTER ROLE cdb_exporter PASSWORD :'cdb_exporter';

-- The owner makes the tables and grants rights on them; it may act for each service (cdb rebuild).
GRANT cdb_core, cdb_risk, cdb_execution, cdb_writer, cdb_readonly TO cdb_owner;
GRANT pg_monitor TO cdb_exporter;
ALTER DATABASE :"database" OWNER TO cdb_owner;

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database"
    TO cdb_core, cdb_risk, cdb_execution, cdb_writer, cdb_readonly, cdb_exporter;
REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;

-- The superuser has no password: it enters only inside the container, through the socket.
ALTER ROLE CURRENT_USER PASSWORD NULL;
