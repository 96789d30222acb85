"""What a round found as Prometheus text, on this machine's own address."""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Callable
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server

from scrip.errors import InputError
from scrip.units import WAD
from scrip.watch.look import Look

HERE = "127.0.0.1"
OF_STOCK = ("network", "stock")


class Metrics:
    """Gauges of the last round. Names are those of Prometheus' conventions: base units, seconds and tokens."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()

        def gauge(name: str, what: str, labels: tuple[str, ...] = OF_STOCK) -> Gauge:
            return Gauge(name, what, labels, registry=self.registry)

        self._supply = gauge("scrip_supply_tokens", "Tokens of a stock.")
        self._required = gauge("scrip_reserve_required_shares", "Shares that all tokens stand for.")
        self._there = gauge("scrip_reserve_there_shares", "Shares that count as backing on this network.")
        self._covered = gauge("scrip_reserve_covered", "1 where what is owed is there.")
        self._answered = gauge("scrip_reserve_answer_timestamp_seconds", "When the reserve's source answered last.")
        self._multiplier = gauge("scrip_multiplier_shares", "Shares that one token stands for.")
        self._open = gauge("scrip_stock_open", "1 where a stock is neither paused nor halted.")
        self._up = gauge("scrip_network_up", "1 where a network answered.", ("network",))
        self._alerts = gauge("scrip_alerts", "Alerts that stand.", ("network", "kind", "severity"))
        self._seconds = gauge("scrip_round_seconds", "How long the last round took.", ())
        self._rounds = Counter("scrip_rounds", "Rounds since the start.", registry=self.registry)

    def show(self, look: Look) -> None:
        """Take over what a round found; a stock of a network that did not answer shows nothing rather than the past."""
        of_stocks = (self._supply, self._required, self._there, self._covered, self._answered, self._multiplier)
        for one in (*of_stocks, self._open, self._alerts):
            one.clear()
        for stock in look.stocks:
            named = (stock.network, stock.ticker)
            self._supply.labels(*named).set(stock.supply.value / 10**stock.supply.decimals)
            self._required.labels(*named).set(stock.backing.required / WAD)
            self._there.labels(*named).set(stock.backing.there / WAD)
            self._covered.labels(*named).set(stock.backing.covered)
            self._answered.labels(*named).set(stock.answered_at)
            self._multiplier.labels(*named).set(stock.multiplier.ui_multiplier / WAD)
            self._open.labels(*named).set(stock.status == "open")
        for network, answered in look.answered.items():
            self._up.labels(network).set(answered)
        for labels, count in Count((one.network, one.kind, one.severity) for one in look.alerts).items():
            self._alerts.labels(*labels).set(count)
        self._seconds.set(look.seconds)
        self._rounds.inc()

    def serve(self, port: int) -> tuple[int, Callable[[], Any]]:
        """Serve them on 127.0.0.1, port 0 for a free one; the port, and what ends it. InputError where it is taken."""
        try:
            server, thread = start_http_server(port, addr=HERE, registry=self.registry)
        except OSError as error:
            raise InputError(f"cannot be served on: {error.strerror}", field="metrics", value=port) from None

        def end() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return server.server_port, end
