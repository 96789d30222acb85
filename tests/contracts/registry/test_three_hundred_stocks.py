"""Coherence at scale: three hundred stocks, an investor with eight wallets in each, and a block that holds at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from scrip.errors import Refusal
from scrip.evm.chain import Contract
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.encoding.values import document_hash, investor_number
from scrip.evm.labels import role
from scrip.evm.local.revm_chain import RevmChain
from scrip.evm.suite import Suite
from scrip.instructions.base import ISSUER

START = 1_900_000_000
STOCKS = 300
HELD = 10**18
WALLETS = [f"anna {at}" for at in range(8)]
REASON, DOCUMENT = 7, document_hash("court order")
NORMAL, STRICT = 0, 1
ANNA, BERT = investor_number("anna"), investor_number("bert")


class Fleet:
    """The suite with three hundred stocks of both policies; every wallet of anna's, and bert's, is in each of them."""

    def __init__(self) -> None:
        self.chain = RevmChain(START)
        self.suite: Suite = deploy_suite(self.chain)
        self.serial = 0
        self.oracle = self.chain.deploy("MockReserveOracle", 18, sender=ISSUER)
        self.chain.send(self.oracle, "push", 10**30, sender=ISSUER)
        self.chain.send(self.suite.roles, "grantRole", role("MINTER"), self.chain.address(ISSUER), sender=ISSUER)
        self.stocks = [self._create(f"US{at:010}", at % 2) for at in range(STOCKS)]
        entries = [
            (number, self.chain.address(wallet), 276, 1, START + 10**6)
            for number, wallet in ((ANNA, WALLETS[0]), (BERT, "bert"))
        ]
        self.register("onboard", entries)
        for wallet in WALLETS[1:]:
            self.register("linkWallet", ANNA, self.chain.address(wallet))
        for stock in self.stocks:
            for wallet in (*WALLETS, "bert"):
                self.chain.send(stock, "mint", self.chain.address(wallet), HELD, sender=ISSUER)

    def _create(self, isin: str, policy: int) -> Contract:
        self.chain.send(self.suite.factory, "createStock", isin, isin, isin, 1, policy, sender=ISSUER)
        stock = Contract("StockToken", str(self.chain.call(self.suite.factory, "tokenOf", isin)))
        terms = (stock.address, self.oracle.address, 10**6, 0, 10**30, 0, 1, 1, 0)
        self.chain.send(self.suite.feed, "configure", *terms, sender=ISSUER)
        return stock

    def register(self, function: str, *args: Any) -> None:
        """An entry in the register, under a key of its own."""
        self.serial += 1
        self.chain.send(self.suite.registry, function, self.serial.to_bytes(32, "big"), *args, sender=ISSUER)

    def transfer(self, stock: Contract, sender: str, to: str) -> None:
        """One unit."""
        self.chain.send(stock, "transfer", self.chain.address(to), 1, sender=sender)

    def refusal(self, stock: Contract, sender: str, to: str) -> str:
        """Why a transfer is refused, "" if it is not."""
        try:
            self.transfer(stock, sender, to)
        except Refusal as refusal:
            return refusal.name
        return ""

    def assert_stopped(self, wallets: list[str], every: int) -> None:
        """Neither sends nor receives, in each `every`th stock, with another stock for each wallet."""
        for at, wallet in enumerate(wallets):
            for stock in self.stocks[at % every :: every]:
                assert self.refusal(stock, wallet, "bert") == "ERC7943CannotSend"
                assert self.refusal(stock, "bert", wallet) == "ERC7943CannotReceive"

    @property
    def mode(self) -> int:
        return self.chain.call(self.suite.beacon, "mode")

    def unfinished(self) -> list[str]:
        """The wallets whose push has pages left."""
        registry = self.suite.registry
        return [one for one in WALLETS if self.chain.call(registry, "unfinishedPush", self.chain.address(one))]


@pytest.fixture(scope="module")
def built() -> Fleet:
    return Fleet()


@pytest.fixture
def fleet(built: Fleet) -> Iterator[Fleet]:
    mark = built.chain.evm.snapshot()
    yield built
    built.chain.evm.revert(mark)


def test_every_wallet_is_in_every_stock(fleet: Fleet) -> None:
    registry = fleet.suite.registry
    for wallet in (*WALLETS, "bert"):
        for number in (1, 128, 129, STOCKS):
            assert fleet.chain.call(registry, "isEnrolled", fleet.chain.address(wallet), number) is True
    assert fleet.refusal(fleet.stocks[-1], WALLETS[7], "bert") == ""


def test_eight_wallets_in_three_hundred_stocks_are_stopped_between_every_two_pages(
    fleet: Fleet, record_property: Any
) -> None:
    fleet.register("block", ANNA, REASON, DOCUMENT)
    assert fleet.mode == STRICT
    pages = 1
    while pending := fleet.unfinished():
        fleet.assert_stopped(WALLETS, every=25)
        fleet.chain.send(
            fleet.suite.registry, "continuePush", fleet.chain.address(pending[pages % len(pending)]), sender="anyone"
        )
        pages += 1
    assert fleet.mode == NORMAL
    fleet.assert_stopped(WALLETS, every=5)
    record_property("summary", f"8 wallets in {STOCKS} stocks: blocked in {pages} transactions")
    assert pages >= 5


def test_one_wallet_in_three_hundred_stocks_is_stopped_in_one_transaction(fleet: Fleet) -> None:
    fleet.register("block", BERT, REASON, DOCUMENT)
    assert fleet.mode == NORMAL
    for stock in fleet.stocks:
        assert fleet.refusal(stock, "bert", WALLETS[0]) == "ERC7943CannotSend"


def test_a_recovery_between_the_pages_of_a_block_leaves_nothing_open(fleet: Fleet) -> None:
    chain, registry = fleet.chain, fleet.suite.registry
    chain.send(fleet.suite.roles, "grantRole", role("RECOVERER"), chain.address(ISSUER), sender=ISSUER)
    fleet.register("block", ANNA, REASON, DOCUMENT)
    old, new = WALLETS[5], "anna's new wallet"
    stocks = [stock.address for stock in fleet.stocks[:50]]
    fleet.register("recoverWallet", ANNA, chain.address(old), chain.address(new), REASON, DOCUMENT, stocks)
    while True:
        fleet.assert_stopped([old, new, WALLETS[7]], every=60)
        pending = fleet.unfinished()
        if not pending:
            break
        chain.send(registry, "continuePush", chain.address(pending[-1]), sender="anyone")
    assert fleet.mode == NORMAL
    fleet.assert_stopped([old, new, *WALLETS], every=40)
    fleet.register("unblock", ANNA, REASON, DOCUMENT)
    assert fleet.refusal(fleet.stocks[7], new, "bert") == ""
    assert fleet.refusal(fleet.stocks[7], old, "bert") == "ERC7943CannotSend"
