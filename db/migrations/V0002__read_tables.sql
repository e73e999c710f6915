-- Written only by cdb_writer from the streams; `cdb rebuild` writes them again (docs/DATABASE.md).

CREATE TABLE signals (
    signal_id  text PRIMARY KEY,
    symbol     text NOT NULL,
    side       text NOT NULL CHECK (side IN ('BUY', 'SELL')),
    confidence numeric(38,18) NOT NULL CHECK (confidence >= 0 AND confidence <= 1),
    reason     text NOT NULL,
    price      numeric(38,18),
    pct_change numeric(38,18),
    volume     numeric(38,18),
    strategy   text NOT NULL,
    source     text NOT NULL,
    timestamp  timestamptz NOT NULL
);
CREATE INDEX signals_by_time ON signals (timestamp DESC);
CREATE INDEX signals_by_symbol ON signals (symbol, timestamp DESC);

-- Decisions that rejected or trimmed, and every alert of cdb_risk.
CREATE TABLE risk_events (
    event_id      text PRIMARY KEY,
    severity      text NOT NULL CHECK (severity IN ('INFO', 'WARNING', 'CRITICAL')),
    code          text NOT NULL,
    layer         integer,
    symbol        text,
    signal_id     text,
    blocked_order boolean NOT NULL,
    description   text NOT NULL,
    checks        json NOT NULL,
    timestamp     timestamptz NOT NULL
);
CREATE INDEX risk_events_by_time ON risk_events (timestamp DESC);
CREATE INDEX risk_events_by_symbol ON risk_events (symbol, timestamp DESC);
CREATE INDEX risk_events_by_severity ON risk_events (severity, timestamp DESC);

CREATE TABLE orders (
    order_id        text PRIMARY KEY,
    signal_id       text,
    client_id       text NOT NULL UNIQUE,
    symbol          text NOT NULL,
    side            text NOT NULL CHECK (side IN ('BUY', 'SELL')),
    quantity        numeric(38,18) NOT NULL,
    order_type      text NOT NULL,
    price           numeric(38,18),
    reduce_only     boolean NOT NULL,
    stop_loss_pct   numeric(38,18),
    reason          text NOT NULL,
    status          text NOT NULL DEFAULT 'PENDING' CHECK (status IN
        ('PENDING', 'FILLED', 'PARTIALLY_FILLED', 'CANCELLED', 'REJECTED', 'ERROR')),
    filled_quantity numeric(38,18) NOT NULL DEFAULT 0,
    avg_price       numeric(38,18),
    fees            numeric(38,18) NOT NULL DEFAULT 0,
    submitted_at    timestamptz NOT NULL,
    filled_at       timestamptz
);
CREATE INDEX orders_by_time ON orders (submitted_at DESC);
CREATE INDEX orders_by_symbol ON orders (symbol, submitted_at DESC);
CREATE INDEX orders_by_status ON orders (status);

-- Opened by the fill that opens a position, closed when it is flat; pnl is after fees.
CREATE TABLE trades (
    trade_id       text PRIMARY KEY,
    signal_id      text,
    symbol         text NOT NULL,
    side           text NOT NULL CHECK (side IN ('BUY', 'SELL')),
    quantity       numeric(38,18) NOT NULL,
    entry_price    numeric(38,18) NOT NULL,
    exit_price     numeric(38,18),
    pnl            numeric(38,18) NOT NULL,
    pnl_pct        numeric(38,18) NOT NULL,
    fees           numeric(38,18) NOT NULL,
    status         text NOT NULL CHECK (status IN ('OPEN', 'CLOSED')),
    entry_order_id text NOT NULL,
    exit_order_id  text,
    opened_at      timestamptz NOT NULL,
    closed_at      timestamptz
);
CREATE INDEX trades_by_time ON trades (opened_at DESC);
CREATE INDEX trades_by_symbol ON trades (symbol, opened_at DESC);
CREATE INDEX trades_by_status ON trades (status);

CREATE TABLE fills (
    fill_id      text PRIMARY KEY,
    order_id     text NOT NULL,
    symbol       text NOT NULL,
    side         text NOT NULL CHECK (side IN ('BUY', 'SELL')),
    price        numeric(38,18) NOT NULL,
    quantity     numeric(38,18) NOT NULL,
    fee          numeric(38,18) NOT NULL,
    slippage_bps numeric(38,18),
    timestamp    timestamptz NOT NULL
);
CREATE INDEX fills_by_time ON fills (timestamp DESC);
CREATE INDEX fills_by_order ON fills (order_id);

CREATE TABLE positions (
    symbol          text PRIMARY KEY,
    side            text NOT NULL CHECK (side IN ('LONG', 'SHORT')),
    quantity        numeric(38,18) NOT NULL CHECK (quantity > 0),
    entry_price     numeric(38,18) NOT NULL,
    current_price   numeric(38,18) NOT NULL,
    unrealized_pnl  numeric(38,18) NOT NULL,
    stop_loss_price numeric(38,18),
    opened_at       timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);

-- margin: what orders under way bind.
CREATE TABLE balances (
    event_id       text PRIMARY KEY,
    equity         numeric(38,18) NOT NULL,
    cash           numeric(38,18) NOT NULL,
    exposure       numeric(38,18) NOT NULL,
    margin         numeric(38,18) NOT NULL,
    realized_pnl   numeric(38,18) NOT NULL,
    unrealized_pnl numeric(38,18) NOT NULL,
    daily_pnl      numeric(38,18) NOT NULL,
    drawdown_pct   numeric(38,18) NOT NULL,
    timestamp      timestamptz NOT NULL
);
CREATE INDEX balances_by_time ON balances (timestamp DESC);

CREATE TABLE alerts (
    alert_id  text PRIMARY KEY,
    level     text NOT NULL CHECK (level IN ('INFO', 'WARNING', 'CRITICAL')),
    code      text NOT NULL,
    message   text NOT NULL,
    context   json NOT NULL,
    source    text NOT NULL,
    timestamp timestamptz NOT NULL
);
CREATE INDEX alerts_by_time ON alerts (timestamp DESC);
CREATE INDEX alerts_by_level ON alerts (level, timestamp DESC);

-- Operational: kept by `cdb rebuild`, outside `cdb verify`.
CREATE TABLE health_checks (
    service   text NOT NULL,
    minute    timestamptz NOT NULL,
    status    text NOT NULL CHECK (status IN ('ok', 'degraded', 'error')),
    detail    json NOT NULL,
    timestamp timestamptz NOT NULL,
    PRIMARY KEY (service, minute)
);
CREATE INDEX health_checks_by_time ON health_checks (timestamp DESC);

CREATE TABLE metrics (
    name      text NOT NULL,
    labels    jsonb NOT NULL,
    minute    timestamptz NOT NULL,
    value     double precision NOT NULL,
    timestamp timestamptz NOT NULL,
    PRIMARY KEY (name, labels, minute)
);
CREATE INDEX metrics_by_time ON metrics (timestamp DESC);

CREATE TABLE strategy_params (
    service    text NOT NULL,
    name       text NOT NULL,
    value      text NOT NULL,
    source     text NOT NULL,
    valid_from timestamptz NOT NULL,
    PRIMARY KEY (service, name, valid_from)
);
