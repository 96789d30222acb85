"""Mints that another account pays, in every way and with every fault: model and contracts agree, coins too."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import get_args

from machine.rules import ACCOUNTS, STRANGER
from machine.test_state_is_read import prepared

from scrip import instructions as ins
from scrip.evm.state.snapshot import load_model
from scrip.instructions.base import Instruction
from scrip.instructions.subjects import Subjects, subjects_of
from scrip.units import WAD, RawUnits, Stablecoin

STOCK = "ACME"
STEPS = 220
SECOND = "second-key"
EXPECTED = {
    "done",
    "market: bad signature",
    "market: no consent",
    "market: no second signature",
    "market: not your quote",
    "market: payer not cleared",
    "market: quote used",
    "stablecoin: insufficient",
}


def test_whoever_pays_the_chain_does_what_the_model_says(record_property: Callable[[str, object], None]) -> None:
    twins, random = prepared("revm").start(), Random(17)
    names = (*ACCOUNTS, STRANGER)
    for name in ("inv-alice", "inv-bob", "inv-carol"):
        twins.must(ins.Renew(name, twins.model.now() + 10**8))
    for name in names:
        twins.must(ins.FundStablecoin(name, Stablecoin(10**9)))
    used: list[Instruction] = []

    def order(serial: int) -> Instruction:
        if used and random.random() < 0.1:
            return random.choice(used)
        account, payer = random.choice(ACCOUNTS), random.choice(("", *names, *names))
        expiry, generation = twins.model.now() + 600, twins.model.multiplier(STOCK).generation
        terms = ins.QuoteTerms(f"paid {serial}", expiry, generation, payer=payer, forged=random.random() < 0.1)
        amount, price = RawUnits(random.randint(1, 3) * WAD, 18), Stablecoin(random.choice((10**6, 10**7, 10**24)))
        by = random.choice(("", "", account, payer, random.choice(names)))
        consent = random.choice(("", payer, payer, payer, random.choice(names)))
        return ins.Mint(STOCK, account, amount, price, terms, by, random.choice(get_args(ins.Way)), consent)

    for serial in range(STEPS):
        made = order(serial)
        if twins.apply(made) == "done":
            used.append(made)
        twins.compare_holdings(STOCK, ACCOUNTS)
        if serial == STEPS // 2:
            twins.must(ins.Block("inv-bob", 3, "letter"))
        if serial == STEPS * 3 // 4:
            twins.must(ins.Unblock("inv-bob", 3, "letter"))
            twins.must(ins.SetQuoteTerms(0, 1))
    record_property("summary", "\n".join(f"{name:<36}{count:>5}" for name, count in sorted(twins.tally.items())))
    assert set(twins.tally) >= EXPECTED
    last = used[-1]
    found = load_model(twins.chains["revm"], subjects_of([last]) | Subjects(accounts=frozenset(ACCOUNTS)))
    assert found.market.coins_of(last.payer) == twins.model.market.coins_of(last.payer)
