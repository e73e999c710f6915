import CoreModels
import MarketSources
import Testing

@Suite("The layouts people bring")
struct LayoutTests {
    struct Layout: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var name = "BTCUSDT-1m-2026.csv"
        var text: String
        var rows: [String]
    }

    static let candle = "C BTC_USDT 1700000000000 60000 10.0 12.0 9.0 11.0 3.0"
    static let trade = "T BTC_USDT 1700000000000 100.5 2.0"

    static let layouts: [Layout] = [
        Layout(
            testDescription: "Binance klines without header, milliseconds",
            text: "1700000000000,10,12,9,11,3,1700000059999,33.5,7,1,11,0\n",
            rows: [candle + " 33.5"]),
        Layout(
            testDescription: "Binance klines without header, microseconds",
            text: "1700000000000000,10,12,9,11,3,1700000059999999,33.5,7,1,11,0\n",
            rows: [candle + " 33.5"]),
        Layout(
            testDescription: "Binance futures klines with header",
            text: """
                open_time,open,high,low,close,volume,close_time,quote_volume,count,\
                taker_buy_volume,taker_buy_quote_volume,ignore
                1700000000000,10,12,9,11,3,1700000059999,33.5,7,1,11,0

                """,
            rows: [candle + " 33.5"]),
        Layout(
            testDescription: "the close time tells the interval, whatever the name says",
            name: "BTCUSDT-5m.csv",
            text: "1700000000000,10,12,9,11,3,1700000060000,33.5\n", rows: [candle + " 33.5"]),
        Layout(
            testDescription: "MEXC klines",
            text: "open_time_ms,open,high,low,close,volume_base\n1700000000000,10,12,9,11,3\n",
            rows: [candle + " 33.0"]),
        Layout(
            testDescription: "MEXC klines with a count of trades",
            text: """
                open_time_ms,open,high,low,close,volume_base,trade_count
                1700000000000,10,12,9,11,3,8
                """,
            rows: [candle + " 33.0"]),
        Layout(
            testDescription: "MEXC klines without header",
            text: "1700000000000,10,12,9,11,3\n", rows: [candle + " 33.0"]),
        Layout(
            testDescription: "the rows' step is the interval where the name tells none",
            name: "BTCUSDT.csv",
            text: """
                open_time_ms,open,high,low,close,volume_base
                1700000000000,10,12,9,11,3
                1700000180000,10,12,9,11,3
                1700000240000,10,12,9,11,3
                """,
            rows: [
                candle + " 33.0", "C BTC_USDT 1700000180000 60000 10.0 12.0 9.0 11.0 3.0 33.0",
                "C BTC_USDT 1700000240000 60000 10.0 12.0 9.0 11.0 3.0 33.0",
            ]),
        Layout(
            testDescription: "spot trades without header",
            text: "7,100.5,2,201.3,1700000000000,True,True\n", rows: [trade + " 201.3"]),
        Layout(
            testDescription: "spot trades of 2025, microseconds",
            text: "7,100.5,2,201.3,1700000000000999,True,True\n", rows: [trade + " 201.3"]),
        Layout(
            testDescription: "futures trades with header",
            text: "id,price,qty,quote_qty,time,is_buyer_maker\n7,100.5,2,201,1700000000000,true\n",
            rows: [trade + " 201.0"]),
        Layout(
            testDescription: "futures trades without header",
            text: "7,100.5,2,201,1700000000000,true\n", rows: [trade + " 201.0"]),
        Layout(
            testDescription: "spot aggTrades without header",
            text: "7,100.5,2,31,32,1700000000000,True,True\n", rows: [trade + " 201.0"]),
        Layout(
            testDescription: "futures aggTrades with header",
            text: """
                agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,\
                is_buyer_maker
                7,100.5,2,31,32,1700000000000,true
                """,
            rows: [trade + " 201.0"]),
        Layout(
            testDescription: "futures aggTrades without header",
            text: "7,100.5,2,31,32,1700000000000,true\n", rows: [trade + " 201.0"]),
        Layout(
            testDescription: "a header that names its columns, with a column of symbols",
            name: "anything.csv",
            text: """
                ts_ms,symbol,price,qty,side
                1700000000000,BTCUSDT,100.5,2,BUY
                1700000000000,eth_usdt,5,2,SELL
                1700000000001,BTC_USDT,1,1,BUY
                """,
            rows: [
                trade + " 201.0", "T ETH_USDT 1700000000000 5.0 2.0 10.0",
                "T BTC_USDT 1700000000001 1.0 1.0 1.0",
            ]),
        Layout(
            testDescription: "columns in any order, of which most mean nothing to us",
            name: "x.csv",
            text: """
                market,local_recv_ns,Symbol,Side,Amount,Price,Trade Time
                usdm,1680652700441533000,BTCUSDT,sell,2,100.5,1700000000
                """,
            rows: [trade + " 201.0"]),
        Layout(
            testDescription: "seconds", text: "timestamp,price,size\n1700000000,100.5,2\n",
            rows: [trade + " 201.0"]),
        Layout(
            testDescription: "seconds with a fraction",
            text: "timestamp,price,size\n1700000000.000250,100.5,2\n", rows: [trade + " 201.0"]),
        Layout(
            testDescription: "small numbers in a column that says milliseconds",
            text: "ts_ms,price,qty\n60000,100.5,2\n", rows: ["T BTC_USDT 60000 100.5 2.0 201.0"]),
        Layout(
            testDescription: "semicolons, byte order mark, CR LF, quotes, empty lines",
            text: "\u{FEFF}\r\n\"ts_ms\";\"price\";\"qty\"\r\n\r\n"
                + "\"1700000000000\"; 100.5 ;\"2\"\r\n\r\n",
            rows: [trade + " 201.0"]),
        Layout(
            testDescription: "lines of nothing but quotes before the header",
            text: "\"\"\n\"\"\nts_ms,price,qty\n1700000000000,100.5,2\n",
            rows: [trade + " 201.0"]),
        Layout(
            testDescription: "a comma within quotes",
            text: "ts_ms,note,price,qty\n1700000000000,\"a, b\",100.5,2", rows: [trade + " 201.0"]),
        Layout(
            testDescription: "exponents, and 14 decimals",
            text: "ts_ms,price,qty\n1700000000000,2.947E-11,7.3e+13\n1700000000001,"
                + "0.00000000002947,73000000000000\n",
            rows: [
                "T BTC_USDT 1700000000000 0.00000000002947 73000000000000.0 2151.31",
                "T BTC_USDT 1700000000001 0.00000000002947 73000000000000.0 2151.31",
            ]),
    ]

    @Test("is understood, in whatever pieces its bytes come", arguments: layouts, [1, 13, 65_536])
    func understood(layout: Layout, piece: Int) throws {
        let rows = try Market.rows(layout.text, name: layout.name, piece: piece)
        #expect(rows.map(Market.words) == layout.rows)
    }

    @Test(
        "What is no layout of ours is refused in words",
        arguments: [
            ("", "BTCUSDT.csv: holds no rows"),
            ("\n\r\n", "BTCUSDT.csv: holds no rows"),
            ("ts_ms,price,qty\n", "BTCUSDT.csv: holds no rows"),
            (
                "time,side,qty\n1,2,3\n",
                "BTCUSDT.csv: unknown layout: the header time,side,qty has no column for a price "
                    + "(price; or open, high, low and close)"
            ),
            (
                "price,qty\n1,2\n",
                "BTCUSDT.csv: unknown layout: the header price,qty has no column for a time "
                    + "(ts_ms, time, open_time_ms)"
            ),
            (
                "1,2,3\n",
                "BTCUSDT.csv: unknown layout: 3 columns without a header are neither Binance or "
                    + "MEXC klines, nor trades, nor aggTrades: add a header like "
                    + "ts_ms,symbol,price,qty,side"
            ),
            (
                "open_time_ms,open,high,low,close,volume_base\n1700000000000,10,12,9,11,3\n",
                "BTCUSDT.csv: the candles' interval cannot be told from the rows: put it into the "
                    + "name, like BTCUSDT-1m-2026.csv"
            ),
        ])
    func refused(text: String, message: String) {
        let error = #expect(throws: MarketFileError.self) {
            try Market.rows(text, name: "BTCUSDT.csv")
        }
        #expect(error?.description == message)
    }

    @Test("A file that nowhere names its symbol is refused, unless it is given")
    func symbol() throws {
        let text = "ts_ms,price,qty\n1700000000000,100.5,2\n"
        #expect(throws: MarketFileError.noSymbol(file: "data.csv")) {
            try Market.rows(text, name: "data.csv")
        }
        let rows = try Market.rows(text, name: "ETHUSDT.csv", symbol: "BTC_USDT")
        #expect(rows.map(Market.words) == [Self.trade + " 201.0"])
    }

    @Test(
        "A name tells symbol and interval",
        arguments: [
            ("/data/BTCUSDT-1m-2026-01.csv.gz", "BTC_USDT", 60_000),
            ("BTC_USDT_15m.csv", "BTC_USDT", 900_000),
            ("binance-ethusdc-trades-2024.csv", "ETH_USDC", nil),
            ("WBTC_USDT-4h.csv", "WBTC_USDT", 14_400_000),
            ("1d/DOGEUSDT.csv", "DOGE_USDT", nil),
            ("prices.csv", nil, nil),
        ] as [(String, String?, Int64?)])
    func name(path: String, symbol: String?, interval: Int64?) {
        let name = FileName(path)
        #expect(name.symbol == symbol.flatMap(Symbol.init))
        #expect(name.interval == interval)
    }
}
