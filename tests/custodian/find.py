"""What random histories find in the model as it stands.

    PYTHONPATH=.:tests python -m custodian.find [SEEDS] [EXAMPLES]

Every history that over-issues is made small and sorted by what is left of it. For each kind: after how many examples
it was first found, by seed, and its shortest history in words. Exit 1 when anything was found.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence

from custodian import on_ledger
from custodian.draw import drawn, setups
from custodian.history import Play, play
from custodian.minimise import minimise
from custodian.terms import Op, Setup

from scrip.ledger import EVM
from scrip.model import ModelLedger

LENGTH = 40
KINDS = {
    "1": "dividends joined, one cancelled: the other keeps what it would have bought with it",
    "1b": "dividends joined or open together: one is counted on what another has not bought",
    "2": "the oracle shows a split's shares before effectiveAt",
    "3": "a basis confirmed or set on answers that were in another",
    "4a": "a ceiling set in the new basis is scaled again by a confirmation",
    "4b": "shares redeemed on one chain are sold, and minted again under a ceiling that still counts them",
    "4c": "redeemed shares are sold while an answer still counts them",
    "5a": "a receivable counts together with the shares that it became",
    "5b": "a receivable counts on a supply that was not there, or was not left, when the dividend went ex",
    "5c": "minted between the market's ex and the schedule",
    "other": "other",
}


def kind(setup: Setup, ops: Sequence[Op], played: Play) -> str:
    """Which of the kinds a small history is, by what it could not do without."""
    names = {one.name for one in ops}
    market = played.market
    dividends = sum(one.name == "dividend" for one in ops)
    if "sell" in names and not setup.order:
        return "4b" if setup.prompt else "4c"
    if "ceiling" in names and "confirm" in names:
        return "4a"
    if names & {"confirm", "set_basis"}:
        return "3"
    if dividends > 1:
        return "1" if "cancel" in names else "1b"
    if market.splits:
        return "2"
    if any(not one.scheduled for one in played.open):
        return "5c"
    if market.dividends:
        return "5a" if market.dividends[0].done and "answer" in names and "redeem" not in names else "5b"
    return "other"


def main() -> int:
    seeds, examples = (int(word) for word in (*sys.argv[1:], *("5", "3000")[len(sys.argv) - 1 :]))
    make = on_ledger.makes(lambda now: ModelLedger(EVM, now))
    first: dict[str, dict[int, int]] = {}
    count: dict[str, int] = {}
    shortest: dict[str, tuple[int, Setup, list[str]]] = {}
    for seed in range(seeds):
        for number in range(1, examples + 1):
            rng = random.Random(f"find {seed}/{number}")
            sloppy = rng.random()
            setup = setups(rng, order=sloppy < 0.9, prompt=sloppy >= 0.95)
            ops = drawn(rng, LENGTH)
            if not play(setup, ops, make)[1]:
                continue
            small, kept, played = minimise(setup, ops, make)
            name = kind(small, kept, played)
            first.setdefault(name, {}).setdefault(seed, number)
            count[name] = count.get(name, 0) + 1
            if name not in shortest or len(kept) < shortest[name][0]:
                shortest[name] = len(kept), small, played.told
    for name, words in KINDS.items():
        if name in first:
            after = ", ".join(str(first[name].get(seed, "-")) for seed in range(seeds))
            print(f"\n{name}. {words}\n   first after {after} examples of {examples}; {count[name]} times in all")
            print("\n".join(f"   {line}" for line in shortest[name][2]))
    return 1 if first else 0


if __name__ == "__main__":
    sys.exit(main())
