/// The page that `ReportPage` fills.
enum ReportTemplate {
    enum Part {
        case text(String)
        case style, script, data
    }

    static let parts: [Part] = [
        .text(head), .style, .text(look), .script, .text(body), .data, .text(behaviour),
    ]

    private static let head = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Claire de Binare: backtest</title>
        <style>

        """

    private static let look = """

        :root { --ink: #1d2433; --soft: #5d6880; --line: #dfe4ee; --good: #14743c; --bad: #b3261e;
          --blue: #2457c5; }
        * { box-sizing: border-box; }
        body { margin: 0; background: #f5f7fb; color: var(--ink);
          font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; }
        main { max-width: 1200px; margin: 0 auto; padding: 20px 16px 40px; }
        h1 { font-size: 22px; margin: 0; }
        h2 { font-size: 16px; margin: 0 0 10px; }
        .chart + h2 { margin-top: 18px; }
        p { margin: 4px 0; color: var(--soft); overflow-wrap: anywhere; }
        section { background: #fff; border: 1px solid var(--line); border-radius: 10px;
          padding: 16px; margin-top: 16px; }
        .cards { display: grid; gap: 10px; margin-top: 16px;
          grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); }
        .card { background: #fff; border: 1px solid var(--line); border-radius: 10px;
          padding: 10px 14px; }
        .card span { display: block; font-size: 12px; color: var(--soft); }
        .card b { font-size: 18px; font-variant-numeric: tabular-nums; }
        .good { color: var(--good); } .bad { color: var(--bad); }
        .chart { width: 100%; height: 300px; } .chart.low { height: 150px; }
        .legend { min-height: 22px; font-size: 13px; color: var(--soft); }
        select { font: inherit; padding: 4px 8px; border: 1px solid var(--line);
          border-radius: 6px; background: #fff; max-width: 100%; }
        .columns { display: grid; gap: 16px; grid-template-columns: 1fr 1fr; }
        .columns section { margin-top: 16px; min-width: 0; }
        .scroll { overflow-x: auto; max-height: 420px; overflow-y: auto; }
        table { border-collapse: collapse; width: 100%; font-size: 13px;
          font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: 4px 8px; border-bottom: 1px solid var(--line);
          white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; }
        th { position: sticky; top: 0; background: #fff; color: var(--soft); }
        .bar { display: grid; grid-template-columns: 190px 1fr 56px; gap: 8px;
          align-items: center; font-size: 13px; margin: 4px 0; }
        .bar i { display: block; height: 14px; border-radius: 3px; background: var(--blue);
          min-width: 2px; }
        .bar b { text-align: right; font-weight: 600; }
        li { color: var(--soft); }
        ul { margin: 0; padding-left: 20px; }
        @media (max-width: 700px) {
          .columns { grid-template-columns: minmax(0, 1fr); gap: 0; }
          .cards { grid-template-columns: 1fr 1fr; }
          .chart { height: 230px; } .chart.low { height: 120px; }
          .bar { grid-template-columns: 130px 1fr 44px; }
        }
        </style>
        <script>

        """

    private static let body = """

        </script>
        </head>
        <body>
        <main>
        <h1>Backtest</h1>
        <p id="span"></p>
        <p id="hashes"></p>
        <div class="cards" id="cards"></div>
        <section><h2>Equity, USDT</h2><div class="legend" id="equity-legend"></div>
        <div class="chart" id="equity"></div>
        <h2>Fall from the peak, %</h2><div class="chart low" id="drawdown"></div></section>
        <section><h2>Trades on the price <select id="symbol" aria-label="symbol"></select></h2>
        <div class="legend" id="price-legend"></div><div class="chart" id="price"></div></section>
        <div class="columns">
        <section><h2>What became of the signals</h2><div id="rejections"></div></section>
        <section><h2>Assumptions</h2><ul id="assumptions"></ul></section>
        </div>
        <section><h2 id="trades-title">Trades</h2><div class="scroll"><table id="trades"></table>
        </div></section>
        <section><h2>Settings</h2><div class="scroll"><table id="settings"></table></div></section>
        </main>
        <script type="application/json" id="data">
        """

    private static let behaviour = #"""
        </script>
        <script>
        "use strict";
        const data = JSON.parse(document.getElementById("data").textContent);
        const r = data.result;
        const element = id => document.getElementById(id);
        const time = ms => ms === null ? ""
          : new Date(ms).toISOString().slice(0, 16).replace("T", " ");
        const number = (n, digits = 2) => n === null ? "–" : n.toLocaleString("en-US",
          { minimumFractionDigits: digits, maximumFractionDigits: digits });
        const price = n => n === null ? "" : Number(n.toPrecision(7)).toString();
        const make = (name, text, parent, kind) => {
          const made = document.createElement(name);
          if (text !== undefined) made.textContent = text;
          if (kind) made.className = kind;
          parent.appendChild(made);
          return made;
        };
        const duration = ms => ms === null ? "–" : ms < 3600000 ? number(ms / 60000, 0) + " min"
          : number(ms / 3600000, 1) + " h";

        element("span").textContent = `${time(r.first)} to ${time(r.last)} UTC, `
          + `${number(r.market_data, 0)} prices, `
          + r.files.map(f => f.name.split("/").pop()).join(", ");
        element("hashes").textContent = `orders SHA-256 ${r.orders_sha256}`;

        const tone = n => n > 0 ? "good" : n < 0 ? "bad" : "";
        for (const [name, text, kind] of [
          ["Return", number(r.return_pct) + " %", tone(r.return_pct)],
          ["Profit, USDT", number(r.profit), tone(r.profit)],
          ["Without fees and slippage", number(r.profit_without_costs),
            tone(r.profit_without_costs)],
          ["Fees + slippage", number(r.fees) + " + " + number(r.slippage), ""],
          ["Largest drawdown", number(r.max_drawdown_pct) + " %", ""],
          ["Sharpe / Sortino", number(r.sharpe) + " / " + number(r.sortino), ""],
          ["Trades", number(r.trades_closed, 0), ""],
          ["Won", r.win_rate_pct === null ? "–" : number(r.win_rate_pct, 1) + " %", ""],
          ["Profit factor", number(r.profit_factor), ""],
          ["Holding time", duration(r.average_holding_ms), ""],
          ["Time in the market", number(r.time_in_market_pct, 1) + " %", ""],
          ["At the end", r.trading, r.trading === "ACTIVE" ? "" : "bad"],
        ]) {
          const card = make("div", undefined, element("cards"), "card");
          make("span", name, card);
          make("b", text, card, kind);
        }

        const charts = [];
        const isNarrow = innerWidth < 700;
        const options = (extra) => Object.assign({
          labelsUTC: true, strokeWidth: 1.5, gridLineColor: "#e8ecf4", axisLineColor: "#c4ccdb",
          legend: "always", hideOverlayOnMouseOut: false, axisLabelFontSize: isNarrow ? 10 : 12,
          axes: { x: { pixelsPerLabel: isNarrow ? 50 : 80 },
            y: { axisLabelWidth: isNarrow ? 44 : 62 } },
        }, extra);
        const curve = r.curve.map(p => [new Date(p[0]), p[1], -p[2]]);
        if (curve.length) {
          let busy = false;
          const together = (chart, first) => {
            if (first || busy) return;
            busy = true;
            const range = chart.xAxisRange();
            for (const other of charts.filter(c => c !== chart)) {
              other.updateOptions({ dateWindow: range });
            }
            busy = false;
          };
          charts.push(new Dygraph(element("equity"), curve.map(p => [p[0], p[1]]), options({
            labels: ["time", "equity"], colors: ["#2457c5"], labelsDiv: "equity-legend",
            drawCallback: together })));
          charts.push(new Dygraph(element("drawdown"), curve.map(p => [p[0], p[2]]), options({
            labels: ["time", "drawdown"], colors: ["#b3261e"], fillGraph: true, legend: "never",
            includeZero: true, drawCallback: together })));
        }

        let priceChart = null;
        const showPrices = symbol => {
          const course = data.prices.find(c => c.symbol === symbol);
          if (!course) return;
          const rows = course.points.map(p => [p[0], p[1], null, null, null]);
          for (const t of data.trades) {
            if (t.symbol !== symbol) continue;
            const up = t.side === "BUY";
            rows.push([t.opened, null, up ? t.entry : null, up ? null : t.entry, null]);
            if (t.closed !== null) {
              const stopped = t.reason !== "SIGNAL";
              rows.push([t.closed, null, !stopped && !up ? t.exit : null,
                !stopped && up ? t.exit : null, stopped ? t.exit : null]);
            }
          }
          rows.sort((a, b) => a[0] - b[0]);
          if (priceChart) priceChart.destroy();
          const dots = { drawPoints: true, pointSize: 4, strokeWidth: 0, highlightCircleSize: 6 };
          priceChart = new Dygraph(element("price"), rows.map(p => [new Date(p[0]), ...p.slice(1)]),
            options({ labels: ["time", "price", "bought", "sold", "stopped or flattened"],
              colors: ["#7a869e", "#14743c", "#b8860b", "#b3261e"], labelsDiv: "price-legend",
              connectSeparatedPoints: true, strokeWidth: 1, digitsAfterDecimal: 8,
              series: { "bought": dots, "sold": dots, "stopped or flattened": dots } }));
        };
        for (const course of data.prices) make("option", course.symbol, element("symbol"));
        element("symbol").addEventListener("change", e => showPrices(e.target.value));
        if (data.prices.length) showPrices(data.prices[0].symbol);

        const verdicts = [["approved", r.approved], ["trimmed", r.trimmed]].concat(
          r.rejections.map(x => [`layer ${x.layer ?? "–"} ${x.code}`, x.count]));
        const most = Math.max(1, ...verdicts.map(v => v[1]));
        for (const [name, count] of verdicts) {
          const row = make("div", undefined, element("rejections"), "bar");
          make("span", name, row);
          const bar = make("i", undefined, make("div", undefined, row));
          bar.style.width = `${100 * count / most}%`;
          if (name === "approved" || name === "trimmed") bar.style.background = "#14743c";
          make("b", number(count, 0), row);
        }

        for (const text of r.assumptions) make("li", text, element("assumptions"));

        element("trades-title").textContent = data.trade_count > data.trades.length
          ? `Trades (the first ${data.trades.length} of ${data.trade_count}; trades.csv has all)`
          : `Trades (${data.trade_count})`;
        const rowOf = (table, cells, kind = "td") => {
          const row = make("tr", undefined, table);
          for (const [text, tone] of cells) make(kind, text, row, tone);
        };
        rowOf(element("trades"), ["symbol", "side", "opened", "closed", "entry", "exit", "PnL",
          "%", "closed by"].map(t => [t]), "th");
        for (const t of data.trades) {
          rowOf(element("trades"), [[t.symbol], [t.side], [time(t.opened)], [time(t.closed)],
            [price(t.entry)], [price(t.exit)], [number(t.pnl), tone(t.pnl)], [number(t.pct)],
            [t.reason ?? "open"]]);
        }
        for (const [name, value] of Object.entries(r.settings)) {
          const text = Array.isArray(value) ? value.join(",") : String(value ?? "–");
          rowOf(element("settings"), [[name], [text]]);
        }
        </script>
        </body>
        </html>

        """#
}
