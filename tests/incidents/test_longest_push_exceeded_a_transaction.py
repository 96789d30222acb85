"""The longest first page of a push was more than a transaction's 2**24 gas (EIP-7825) and could not be sent at all.

It was so twice: of a block, with pages of a thousand stocks; and, with pages of 500, of setProfile where stocks have
rules of their own and 64 count their holders. To pass over a stock that a wallet does not hold cost 250 gas.

The worst that the register admits is written into an anvil's storage: 4,096 stocks, an investor with eight wallets, all
at the end of every word of the directory and the last in as many more as fill a page; every stock asks for classes and
countries, 64 count their holders. Nothing has been read before, so every access is paid in full.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.contract_calls import mapping_slot, slot_of

from scrip.evm.chain import Contract
from scrip.evm.compiled.artifacts import source
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.labels import role
from scrip.evm.local import anvil
from scrip.instructions.base import ISSUER

sys.path.append(str(Path(__file__).resolve().parents[1] / "gas"))

from bench_chain import GAS_LIMIT, BenchChain

SOURCE = source("enrolments").read_text()
PAGE, MAX_STOCKS = (
    int(re.search(rf"^{name}: constant\(uint256\) = (\d+)$", SOURCE, re.MULTILINE)[1])
    for name in ("PAGE", "MAX_STOCKS")
)
START = 1_700_000_000
EXPIRY = START + 10**7
INVESTOR, WALLETS, CAPPED = 7, 8, 64
VENUE = 4
WORDS = 17
SPARSE = [[min(256 * word + 127, MAX_STOCKS - 1) - at for word in range(WORDS)] for at in range(WALLETS)]
"""By wallet: a stock at the end of each word of the directory."""
ENDS = {number for numbers in SPARSE for number in numbers}
DENSE = [number for number in range(MAX_STOCKS) if number not in ENDS][: PAGE - len(ENDS)]
"""Where the last wallet is beside them."""
ENROLLED, EPOCH, UNITS = 1 << 170, 1 << 176, 5
REASON, DOCUMENT = 7, b"order".ljust(32, b"\0")
RULES = 0b11110 | 1 << 5 | 1 << 6
LIMITED = 1 << 7


class Worst:
    """The chain, the register in the state of this module's docstring, and `stranger`, who is like the last wallet."""

    def __init__(self, url: str) -> None:
        self.chain = BenchChain(url)
        self.suite = deploy_suite(self.chain)
        self.registry = self.suite.registry
        self.serial = 0
        self.wallets = [self.chain.address(f"wallet {at}") for at in range(WALLETS)]
        self.stranger = self.chain.address("stranger")
        self.chain.send(self.suite.roles, "grantRole", role("RECOVERER"), self.chain.address(ISSUER), sender=ISSUER)
        self.register("onboard", [(INVESTOR, self.wallets[0], 276, 1, EXPIRY)])
        for wallet in self.wallets[1:]:
            self.register("linkWallet", INVESTOR, wallet)
        self.chain.send(self.suite.factory, "createStock", "Stock", "S", "US0000000000", 1, 0, sender=ISSUER)
        stock = str(self.chain.call(self.suite.factory, "tokenOf", "US0000000000"))
        self._code = self.chain.code(stock)
        self._config = self.chain.word(Contract("StockToken", stock), slot_of("StockToken", "token_storage", "config"))
        self._requests: list[tuple[str, object]] = []
        self._plant()
        self._plant_all()

    def register(self, function: str, *args: Any) -> int:
        """An entry in the register, under a key of its own; its gas."""
        self.serial += 1
        return self.chain.gas(self.registry, function, self.serial.to_bytes(32, "big"), *args, sender=ISSUER)

    def needs(self, function: str, *args: Any) -> int:
        """The gas that an entry would need."""
        return self.chain.needed(self.registry, function, b"key".ljust(32), *args, sender=ISSUER)

    @staticmethod
    def address(number: int) -> str:
        """The stock with this number, counted from 0."""
        return f"0x{0x1000000 + number:040x}"

    def holders(self, number: int) -> int:
        """How many the register counts."""
        limits = self.chain.word(self.registry, _registry_slot("holder_limits_totals", "limits", number))
        return limits >> 160 & 2**32 - 1

    def is_venue(self, wallet: str, number: int) -> bool:
        """Whether the stock's copy says that the wallet is a venue's."""
        slot = mapping_slot(slot_of("StockToken", "token_storage", "words"), int(wallet, 16))
        return bool(self.chain.word(Contract("StockToken", self.address(number)), slot) >> 173 & 1)

    def enrol_later(self, wallet: str, number: int) -> None:
        """One stock more of the first 128 that keeps a copy."""
        slot = _registry_slot("enrolments", "wallets", int(wallet, 16))
        self._write(self.registry.address, slot, self.chain.word(self.registry, slot) | 1 << number)
        self._plant_all()

    def _write(self, contract: str, slot: int, value: int) -> None:
        self._requests.append(("anvil_setStorageAt", [contract, hex(slot), f"0x{value:064x}"]))

    def _plant_all(self) -> None:
        for start in range(0, len(self._requests), 1000):
            for answer in self.chain.batch(self._requests[start : start + 1000]):
                assert "error" not in answer
        self._requests.clear()

    def _plant(self) -> None:
        registry = self.registry.address
        capped = DENSE[:CAPPED]
        for number in range(MAX_STOCKS):
            flags = RULES | (LIMITED if number in capped else 0)
            word = int(self.address(number), 16) | flags << 160
            self._write(registry, _registry_slot("enrolments", "stocks", number), word)
        self._write(registry, _registry_slot("enrolments", "_count"), MAX_STOCKS)
        for number in sorted(ENDS.union(DENSE)):
            self._plant_stock(number, number in capped)
        for wallet, numbers in zip(self.wallets[:-1], SPARSE, strict=False):
            self._enrol(wallet, numbers)
        for wallet in (self.wallets[-1], self.stranger):
            self._enrol(wallet, SPARSE[-1] + DENSE)
        slot = _registry_slot("holder_limits_totals", "capped")
        for at, value in enumerate((CAPPED, *capped)):
            self._write(registry, slot + at, value)

    def _plant_stock(self, number: int, capped: bool) -> None:
        registry, stock = self.registry.address, self.address(number)
        self._requests.append(("anvil_setCode", [stock, self._code]))
        flags = RULES | (LIMITED if capped else 0)
        self._write(registry, _registry_slot("enrolments", "numbers", int(stock, 16)), number + 1 | flags << 16)
        for at in range(4):
            self._write(registry, _registry_slot("enrolments", "countries", number) + at, 2**256 - 1)
        config = self._config | (1 << 171 if capped else 0)
        self._write(stock, slot_of("StockToken", "token_storage", "config"), config)
        if not capped:
            return
        self._write(
            registry, _registry_slot("holder_limits_totals", "limits", number), 2**160 - 1 | 2 << 160 | 1 << 192
        )
        for holder in (INVESTOR | 1 << 255, int(self.stranger, 16)):
            self._write(registry, _registry_slot("holder_limits_totals", "totals", number | 1 << 16, holder), UNITS)

    def _enrol(self, wallet: str, numbers: list[int]) -> None:
        registry, key = self.registry.address, int(wallet, 16)
        words = [0] * WORDS
        for number in numbers:
            words[(number + 128) // 256] |= 1 << (number + 128) % 256
            account = mapping_slot(slot_of("StockToken", "token_storage", "words"), key)
            held = ENROLLED | EPOCH | EXPIRY << 128 | (UNITS if number in DENSE[:CAPPED] else 0)
            self._write(self.address(number), account, held)
        slot = _registry_slot("enrolments", "wallets", key)
        self._write(registry, slot, self.chain.word(self.registry, slot) | words[0] >> 128)
        for at, word in enumerate(words[1:]):
            self._write(registry, _registry_slot("enrolments", "_more", key, at), word)


def _registry_slot(module: str, variable: str, *keys: int) -> int:
    return mapping_slot(slot_of("ComplianceRegistry", module, variable), *keys)


@pytest.fixture
def worst() -> Iterator[Worst]:
    with anvil.running(START) as url:
        yield Worst(url)


def test_each_order_of_the_register_fits_a_transaction(worst: Worst, record_property: Any) -> None:
    """What does not fit is refused by the estimate, which is given what EIP-7825 lets a transaction use."""
    last, stranger = worst.wallets[-1], worst.stranger
    orders: dict[str, tuple[Any, ...]] = {
        "setProfile": (INVESTOR, 840, VENUE),
        "block": (INVESTOR, REASON, DOCUMENT),
        "renew": (INVESTOR, EXPIRY - 1),
        "unlinkWallet": (INVESTOR, last, REASON, DOCUMENT),
        "recoverWallet": (INVESTOR, last, stranger, REASON, DOCUMENT, [worst.address(at) for at in DENSE[:50]]),
        "onboard": ([(99 + at, worst.chain.address(f"new {at}"), 276, 1, EXPIRY) for at in range(200)],),
    }
    used = {order: worst.needs(order, *args) for order, args in orders.items()}
    record_property("summary", ", ".join(f"{order} {gas:,}" for order, gas in used.items()) + f" of {GAS_LIMIT:,} gas")
    assert max(gas for order, gas in used.items() if order != "onboard") < 12_000_000
    assert used["onboard"] < GAS_LIMIT


def test_every_page_tells_whom_it_should_and_the_count_is_right_from_the_first(worst: Worst) -> None:
    """One stock more than a page has room for; the last stock of the last wallet waits for the next."""
    chain, registry, last = worst.chain, worst.registry, SPARSE[-1][-1]
    late = SPARSE[1][0]
    worst.enrol_later(worst.wallets[0], late)
    assert [worst.holders(number) for number in DENSE[:CAPPED]] == [2] * CAPPED
    worst.register("setProfile", INVESTOR, 840, VENUE)
    assert [worst.holders(number) for number in DENSE[:CAPPED]] == [1] * CAPPED
    pending = [chain.call(registry, "unfinishedPush", wallet) for wallet in worst.wallets]
    assert pending == [0] * (WALLETS - 1) + [last + 1]
    assert (chain.call(worst.suite.beacon, "mode"), worst.is_venue(worst.wallets[-1], last)) == (1, False)
    assert chain.gas(registry, "continuePush", worst.wallets[-1], sender="anyone") < 150_000
    assert chain.call(worst.suite.beacon, "mode") == 0
    assert [worst.holders(number) for number in DENSE[:CAPPED]] == [1] * CAPPED
    told = [(worst.wallets[0], late), *((worst.wallets[-1], number) for number in DENSE)]
    told += [(wallet, number) for wallet, numbers in zip(worst.wallets, SPARSE, strict=True) for number in numbers]
    assert all(worst.is_venue(*one) for one in told)
