"""With thousands of stocks and eight wallets, a page of a thousand pushes was more than a transaction's 2**24 gas
(EIP-7825): passing over the stocks that a wallet does not hold costs too, and the block could not be sent at all.

The worst case itself is too long for a Python EVM; it is put together from its two parts, each measured cold: a stock
that is visited and one that is passed over. The stocks are copies of one proxy and the enrolments are written into
storage, so that no access before the measured call has warmed anything.
"""

import re
from typing import Any

import boa
from support.contract_calls import Handle, mapping_slot, named, slot_of
from support.contract_world import World

from scrip.evm.compiled.artifacts import source

CAP = 2**24
SOURCE = source("enrolments").read_text()
PAGE, MAX_STOCKS = (
    int(re.search(rf"^{name}: constant\(uint256\) = (\d+)$", SOURCE, re.MULTILINE)[1])
    for name in ("PAGE", "MAX_STOCKS")
)
MAX_WALLETS = 8
VISITED, PASSED_OVER = 40, 300
DIRECT = 128  # stocks past these are dearer to pass over
# py-evm takes storage that a test wrote for a write of the same transaction: 100 gas where a chain asks 2,900.
SSTORE_DIFFERENCE = 2_800


def _write(contract: Handle | str, slot: int, value: int) -> None:
    boa.env.set_storage(getattr(contract, "address", contract), slot, value)


def _registry_slot(variable: str, *keys: int) -> int:
    return mapping_slot(slot_of("ComplianceRegistry", "enrolments", variable), *keys)


def _add_stocks(world: World, first: int, count: int) -> list[str]:
    """Stocks with the numbers from `first`, counted from 0, as the factory would have made them."""
    stocks = [named(f"stock {number}") for number in range(first, first + count)]
    for number, stock in enumerate(stocks, start=first):
        boa.env.set_code(stock, boa.env.get_code(world.stock.address))
        _write(world.registry, _registry_slot("stocks", number), int(stock, 16))
    _write(world.registry, _registry_slot("_count"), first + count)
    return stocks


def _block(world: World, wallet: str) -> int:
    world.block_wallet(wallet)
    return world.registry.computation.get_gas_used()


def test_the_longest_push_fits_a_transaction(world: World, record_property: Any) -> None:
    for at in range(2, MAX_WALLETS + 1):
        world.link(1, named(f"alice {at}"))
    world.block(1)
    own = world.registry.computation.get_gas_used()

    stocks = _add_stocks(world, 2, DIRECT - 2)
    before = _block(world, named("nobody 1"))
    _add_stocks(world, DIRECT, PASSED_OVER)
    none_held = _block(world, named("nobody 2"))
    passed_over = (none_held - before) / PASSED_OVER

    holder = named("holder")
    words = slot_of("StockToken", "token_storage", "words")
    for stock in stocks[:VISITED]:
        _write(stock, mapping_slot(words, int(holder, 16)), 1)
    _write(world.registry, _registry_slot("wallets", int(holder, 16)), (2**VISITED - 1) << 2)
    visited = (_block(world, holder) - none_held) / VISITED + SSTORE_DIFFERENCE
    assert boa.env.get_storage(stocks[VISITED - 1], mapping_slot(words, int(holder, 16))) >> 169 & 1 == 1

    worst = own + PAGE * visited + MAX_WALLETS * MAX_STOCKS * passed_over
    record_property(
        "summary",
        f"a push: {visited:,.0f} gas a stock visited, {passed_over:,.0f} passed over; "
        f"at worst {worst:,.0f} of {CAP:,} (page {PAGE})",
    )
    assert 9_000 < visited < 15_000
    assert worst + 21_000 + 16 * 132 < CAP
