"""Random histories against law 5.

    PYTHONPATH=.:tests python -m custodian.attack [--on WHERE] [--histories N] [--seed S] [--widen …] [--json FILE]

WHERE is `reference` (the law a second time, from its wording), `model`, `evm` (revm) or `solana` (LiteSVM). `--widen`
names settings of `Setup` that let the surroundings do more than the law says it bears; `--rule NAME=VALUE` varies the
reference. Prints how many histories, mints and over-issues there were, and the first over-issue made small; `--json`
writes the figures. Exit 1 when anything was over-issued.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from custodian import on_ledger, on_reference
from custodian.draw import drawn, setups
from custodian.history import Maker, Play, play
from custodian.minimise import minimise
from custodian.reference import Rules
from custodian.terms import START, Op, Setup

if TYPE_CHECKING:
    from scrip.ledger import Ledger

LENGTH = 45


@dataclass
class Found:
    """Figures of a run. `first` is the first over-issued history."""

    histories: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    overissued: int = 0
    first: tuple[Setup, list[Op]] | None = None

    @property
    def mints(self) -> int:
        """That were given."""
        return self.counts["mint"]


def attack(make: Maker, histories: int, seed: str, length: int = LENGTH, **fixed: object) -> Found:
    """Play random histories; `fixed` are settings of every stock."""
    found = Found()
    for number in range(histories):
        rng = random.Random(f"{seed}/{number}")
        setup = setups(rng, **fixed)
        ops = drawn(rng, length, in_shares=setup.in_shares)
        played, bad = play(setup, ops, make)
        found.histories += 1
        found.counts += played.counts
        if bad:
            found.overissued += 1
            found.first = found.first or (setup, ops)
    return found


def model_ledger(now: int) -> Ledger:
    """The specification."""
    from scrip.ledger import EVM
    from scrip.model import ModelLedger

    return ModelLedger(EVM, now)


def solana_ledger(now: int) -> Ledger:
    """The program in a fresh LiteSVM."""
    from support.reused_cluster import reused

    from scrip.solana.deploy.suite import deploy_suite
    from scrip.solana.ledger import SolanaLedger

    chain, program = reused(now)
    return SolanaLedger(chain, deploy_suite(chain, program), prompt=False)


def evm_chains() -> Maker:
    """The contracts on revm: deployed once, wound back before each history."""
    from scrip.evm.deploy.suite import deploy_suite
    from scrip.evm.ledger import EvmLedger
    from scrip.evm.local.revm_chain import RevmChain

    @cache
    def deployed(number: int) -> tuple[RevmChain, object, list[int]]:
        chain = RevmChain(START)
        suite = deploy_suite(chain)
        return chain, suite, [chain.mark()]

    def make(setup: Setup, now: int) -> list[on_ledger.LedgerChain]:
        chains = []
        for number in range(setup.chains):
            chain, suite, mark = deployed(number)
            chain.back_to(mark[0])
            mark[0] = chain.mark()
            one = on_ledger.LedgerChain(EvmLedger(chain, suite), setup.attested)
            one.advance_to(now)
            one.open(setup.margin_bps)
            chains.append(one)
        return chains

    return make


def maker(where: str, rules: Rules | None = None) -> Maker:
    """The chains of a place."""
    places: dict[str, Callable[[], Maker]] = {
        "reference": lambda: on_reference.makes(rules),
        "model": lambda: on_ledger.makes(model_ledger),
        "solana": lambda: on_ledger.makes(solana_ledger),
        "evm": evm_chains,
    }
    return places[where]()


def told(setup: Setup, played: Play) -> str:
    """A small history in words, after what is not plain about its stock."""
    differs = {name: value for name, value in vars(setup).items() if value != getattr(Setup(), name)}
    return "\n".join([", ".join(f"{name} = {value}" for name, value in differs.items()) or "plain", *played.told])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--on", default="reference", choices=("reference", "model", "evm", "solana"))
    parser.add_argument("--histories", type=int, default=1_000)
    parser.add_argument("--seed", default="attack")
    parser.add_argument("--length", type=int, default=LENGTH)
    parser.add_argument("--widen", nargs="*", default=[], help="settings of Setup, NAME or NAME=VALUE")
    parser.add_argument("--rule", nargs="*", default=[], help="of the reference, NAME=VALUE")
    parser.add_argument("--json", type=Path)
    said = parser.parse_args()
    fixed = dict(setting(word) for word in said.widen)
    make = maker(said.on, Rules(**dict(setting(word) for word in said.rule)))  # type: ignore[arg-type]
    found = attack(make, said.histories, said.seed, said.length, **fixed)
    figures = {"examples": found.histories, "mints": found.mints, "overissued": found.overissued}
    if said.json:
        said.json.write_text(json.dumps(figures) + "\n")
    print(f"{said.on} {fixed or ''} {' '.join(said.rule)}: {figures}, asked too much {found.counts['asked too much']}")
    if found.first is not None:
        setup, _, played = minimise(*found.first, make)
        print(told(setup, played))
    return 1 if found.overissued else 0


def setting(word: str) -> tuple[str, object]:
    """NAME=VALUE, or NAME for true."""
    name, _, value = word.partition("=")
    return name, json.loads(value.lower()) if value else True


if __name__ == "__main__":
    sys.exit(main())
