"""A session of ccxt, an independent client, against the simulated exchange.

usage: session.py PORT

Prints one line per call; exit code 1 when any of them failed or answered something implausible.
"""

import asyncio
import sys

import ccxt
import ccxt.pro

SYMBOL = "BTC/USDT:USDT"
OTHER = "ETH/USDT:USDT"


def addresses(port):
    rest, socket = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}"
    return {
        "api": {
            "spot": {"public": rest, "private": rest},
            "contract": {
                "public": rest + "/api/v1/contract",
                "private": rest + "/api/v1/private",
            },
            "spot2": {"public": rest + "/open/api/v2", "private": rest + "/open/api/v2"},
            "broker": {"private": rest},
            "ws": {"spot": socket + "/ws", "swap": socket + "/edge"},
        }
    }


def check(condition, sentence):
    if not condition:
        raise AssertionError(sentence)


def check_book(book):
    check(book["bids"] and book["asks"], "both sides have levels")
    check(book["bids"][0][0] < book["asks"][0][0], "the book is not crossed")
    check(book["bids"] == sorted(book["bids"], key=lambda level: -level[0]), "bids fall")
    check(book["asks"] == sorted(book["asks"], key=lambda level: level[0]), "asks rise")
    check(all(level[1] > 0 for side in ("bids", "asks") for level in book[side]), "sizes")


def check_ticker(ticker):
    check(ticker["last"] > 0, "there is a last price")
    check(ticker["low"] <= ticker["last"] <= ticker["high"], "it lies within the day")


async def load_markets(exchange):
    markets = await exchange.load_markets()
    swaps = [market for market in markets.values() if market["swap"]]
    market = markets[SYMBOL]
    check(len(swaps) >= 40, "there are swap markets")
    check(not any(market["spot"] for market in markets.values()), "there are no spot pairs")
    check(market["active"] and market["contractSize"] > 0, "BTC can be traded")
    check(not markets["DELISTED/USDT:USDT"]["active"], "a delisted contract is not active")
    return f"{len(swaps)} swap markets, BTC contract size {market['contractSize']}"


async def fetch_tickers(exchange):
    tickers = await exchange.fetch_tickers(None, {"type": "swap"})
    check_ticker(tickers[SYMBOL])
    check(tickers[SYMBOL]["bid"] < tickers[SYMBOL]["ask"], "bid is below ask")
    return f"{len(tickers)} tickers, BTC {tickers[SYMBOL]['last']}"


async def fetch_ohlcv(exchange):
    candles = await exchange.fetch_ohlcv(SYMBOL, "1m")
    check(len(candles) >= 1000, "a day of minutes is there")
    for before, after in zip(candles, candles[1:]):
        check(after[0] - before[0] == 60_000, "minutes have no gap")
        check(after[1] == before[4], "a candle opens at the close before it")
    for _, opened, high, low, close, volume in candles:
        check(low <= min(opened, close) and max(opened, close) <= high, "open and close fit")
        check(volume >= 0, "volume is not negative")
    quarters = await exchange.fetch_ohlcv(SYMBOL, "15m", since=candles[-120][0])
    check(7 <= len(quarters) <= 9, "two hours have eight quarters")
    return f"{len(candles)} minutes, {len(quarters)} quarters of an hour"


async def fetch_order_book(exchange):
    book = await exchange.fetch_order_book(SYMBOL, 20)
    check_book(book)
    check(len(book["bids"]) == 20, "as many levels as asked for")
    return f"bid {book['bids'][0][0]}, ask {book['asks'][0][0]}"


async def watch_ticker(exchange):
    first = await exchange.watch_ticker(SYMBOL)
    second = await exchange.watch_ticker(SYMBOL)
    check_ticker(second)
    check(second["timestamp"] >= first["timestamp"], "time goes on")
    return f"BTC {first['last']} then {second['last']}"


async def watch_tickers(exchange):
    whole = dict(await exchange.watch_tickers(None, {"type": "swap"}))
    changed = await exchange.watch_tickers(None, {"type": "swap"})
    check(len(whole) >= 40, "the first frame has all rows")
    for ticker in whole.values():
        check_ticker(ticker)
    return f"{len(whole)} rows, then {len(changed)}"


async def watch_trades(exchange):
    trades = []
    while len(trades) < 5:
        trades += await exchange.watch_trades(SYMBOL)
    check(all(trade["amount"] > 0 and trade["price"] > 0 for trade in trades), "real trades")
    check({trade["side"] for trade in trades} <= {"buy", "sell"}, "each has a side")
    return f"{len(trades)} trades, last {trades[-1]['price']}"


async def watch_order_book(exchange):
    for _ in range(20):
        book = await exchange.watch_order_book(OTHER)
        check_book(book)
    return f"20 updates, bid {book['bids'][0][0]}, ask {book['asks'][0][0]}"


async def main(port):
    exchange = ccxt.pro.mexc({"urls": addresses(port), "options": {"defaultType": "swap"}})
    failures = 0
    print(f"ccxt {ccxt.__version__} against 127.0.0.1:{port}", flush=True)
    calls = [
        load_markets, fetch_tickers, fetch_ohlcv, fetch_order_book, watch_ticker, watch_tickers,
        watch_trades, watch_order_book,
    ]
    for call in calls:
        try:
            result = await asyncio.wait_for(call(exchange), 60)
            print(f"ok   {call.__name__}: {result}", flush=True)
        except Exception as error:  # Every call is tried, whatever became of the others.
            failures += 1
            print(f"FAIL {call.__name__}: {type(error).__name__}: {error}", flush=True)
    await exchange.close()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]))))
