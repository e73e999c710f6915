import CoreModels
import DecisionCores
import MarketSources
import Testing

@Suite("Candles as market data")
struct CandleModeTests {
    static let header = "open_time_ms,open,high,low,close,volume_base\n"
    /// One that rises, one that falls, one in which nothing was traded.
    static let candles =
        header + """
            1700000000000,10,13,9,12,2
            1700000060000,12,12.5,11,11.5,4
            1700000120000,11.5,11.5,11.5,11.5,0
            """

    @Test("close: one price at the close time, turnover = volume × close")
    func close() throws {
        #expect(
            try Market.observations([Market.file(Self.candles)], candles: .close) == [
                "BTC_USDT 1700000060000 12.0 24.0", "BTC_USDT 1700000120000 11.5 46.0",
                "BTC_USDT 1700000180000 11.5 0.0",
            ])
    }

    @Test("path: open, low before high when it rose, high before low when it fell, close")
    func path() throws {
        #expect(
            try Market.observations([Market.file(Self.candles)], candles: .path) == [
                "BTC_USDT 1700000015000 10.0 0.0", "BTC_USDT 1700000030000 9.0 0.0",
                "BTC_USDT 1700000045000 13.0 0.0", "BTC_USDT 1700000060000 12.0 24.0",
                "BTC_USDT 1700000075000 12.0 0.0", "BTC_USDT 1700000090000 12.5 0.0",
                "BTC_USDT 1700000105000 11.0 0.0", "BTC_USDT 1700000120000 11.5 46.0",
                "BTC_USDT 1700000135000 11.5 0.0", "BTC_USDT 1700000150000 11.5 0.0",
                "BTC_USDT 1700000165000 11.5 0.0", "BTC_USDT 1700000180000 11.5 0.0",
            ])
    }

    @Test("The paths of many symbols in one file, and of two files, run side by side")
    func sideBySide() throws {
        let one = """
            open_time_ms,symbol,open,high,low,close,volume_base
            1700000000000,ETHUSDT,1,1,1,1,1
            1700000000000,BTCUSDT,2,2,2,2,1
            """
        let files = [
            try Market.file(one, name: "all-1m.csv"),
            try Market.file(
                Self.header + "1700000030000,3,3,3,3,1\n", name: "ADAUSDT-1m.csv"),
        ]
        #expect(
            try Market.observations(files, candles: .path) == [
                "BTC_USDT 1700000015000 2.0 0.0", "ETH_USDT 1700000015000 1.0 0.0",
                "BTC_USDT 1700000030000 2.0 0.0", "ETH_USDT 1700000030000 1.0 0.0",
                "ADA_USDT 1700000045000 3.0 0.0", "BTC_USDT 1700000045000 2.0 0.0",
                "ETH_USDT 1700000045000 1.0 0.0", "ADA_USDT 1700000060000 3.0 0.0",
                "BTC_USDT 1700000060000 2.0 2.0", "ETH_USDT 1700000060000 1.0 1.0",
                "ADA_USDT 1700000075000 3.0 0.0", "ADA_USDT 1700000090000 3.0 3.0",
            ])
    }
}
