"""What a model keeps beside what a chain shows: every field, unless a reason here says why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import pairwise
from typing import Any

from scrip.evm.ledger import EvmLedger
from scrip.evm.state import snapshot as evm
from scrip.instructions.subjects import OTHERS, Subjects
from scrip.ledger import SOLANA, Ledger
from scrip.market_limits import MarketLimits
from scrip.model.laws.buckets import level_at
from scrip.model.laws.lockups import running
from scrip.model.ledger import ModelLedger
from scrip.model.state import Account, Actions, Investors, Market, Receivable, Token
from scrip.model.state.market import LimitKey
from scrip.solana.ledger import SolanaLedger
from scrip.solana.state import snapshot as solana
from scrip.units import WAD

LEFT_OUT: Mapping[tuple[str, str], str] = {
    ("State", "config"): "how the issuer is set up: no instruction of the machine changes it",
    ("State", "words"): "which address a name has: no instruction changes it",
    ("Token", "fleet"): "the ledger's own, compared there",
    ("Token", "investors"): "the ledger's own, compared there",
    ("Token", "keys"): "nobody reads which keys have served: a chain refuses a used one whatever a model says",
    ("Investors", "keys"): "the same",
    ("Vault", "keys"): "the same",
    ("Entry", "keys"): "the same",
    ("Investors", "_investor_of"): "follows from the records' wallets",
    ("Investors", "_recoveries"): "counts to 255 in a chain of lost wallets, which no story comes to",
}
"""Fields that are not compared, and why."""


@dataclass(frozen=True)
class About:
    """Whom a comparison is about, and when."""

    subjects: Subjects
    now: int
    on_solana: bool


def _accounts(token: Token, about: About) -> dict[str, Account]:
    """Each as of now: no chain shows a lock-up that has ended, and nobody on Solana keeps whom a stock has met."""
    found = {name: token.account(name) for name in about.subjects.accounts}
    nothing = {"enrolled": False, "asked": False} if about.on_solana else {}
    return {name: replace(one, lockups=running(one.lockups, about.now), **nothing) for name, one in found.items()}


def _multiplier(token: Token, about: About) -> dict[str, Any]:
    """Settled, and the changes of the index without the scheduled ones that left it as it was."""
    found = token.multiplier.settled(about.now)
    indices = [(0, WAD), *sorted(found.history)]
    rises = [later for earlier, later in pairwise(indices) if earlier[1] != later[1]]
    return {"as shown": found.state(), "pending": found.pending, "rises": rises}


def _holders(token: Token, about: About) -> dict[str, Any]:
    """Where they are counted: as the counts come out, however a model knows them."""
    holders, names = token.holders, about.subjects.accounts
    if holders.limits is None:
        return {"limits": None}
    return {
        "limits": holders.limits,
        "seeding": holders.seeding,
        "seeded": holders.seeded & names if holders.seeding else (),
        "count": holders.count(),
        "unseeded": holders.unseeded(),
        "held": {name: holders.held_with(name) for name in names},
    }


def _records(investors: Investors, about: About) -> dict[str, Any]:
    """Wallets in their order, which Solana does not keep."""
    order = sorted if about.on_solana else list
    return {name: replace(one, wallets=order(one.wallets)) for name, one in investors.records.items()}


def _levels(market: Market, about: About) -> dict[LimitKey, tuple[int, int]]:
    """What counts against limits now, of whom anything does."""
    found: dict[LimitKey, tuple[int, int]] = {}
    for key, level in market.levels.items():
        limits = market.limits.get((key[0], key[1] if key[0] == "stock" else ""), MarketLimits())
        now = level_at(level, limits, about.now)
        if now.net or now.gross:
            found[key] = (now.net, now.gross)
    return found


def _parts(actions: Actions, about: About) -> list[Any]:
    """What still waits in the slot."""
    return [one for one in actions.parts if actions.records[one].effective_at > about.now]


READ: Mapping[tuple[str, str], Callable[[Any, About], Any]] = {
    # A day later the last price is the reference, whoever asks first.
    ("Vault", "reference"): lambda vault, about: vault.reference_now(about.now)[0],
    ("Vault", "reference_at"): lambda vault, about: vault.reference_now(about.now)[1],
    ("Entry", "reference"): lambda entry, about: entry.reference_now(about.now)[0],
    ("Entry", "reference_at"): lambda entry, about: entry.reference_now(about.now)[1],
    ("Token", "accounts"): _accounts,
    ("Token", "multiplier"): _multiplier,
    ("Token", "holders"): _holders,
    ("Token", "allowances"): lambda token, _: {pair: left for pair, left in token.allowances.items() if left},
    ("Actions", "parts"): _parts,
    # What takes effect at its second is so on a chain from then on, and a model tells it by the clock.
    ("Recorded", "status"): lambda found, about: found.status_at(about.now),
    ("Market", "coins"): lambda market, about: {name: market.coins_of(name) for name in about.subjects.accounts},
    ("Market", "used"): lambda market, about: market.used & about.subjects.quotes,
    ("Market", "limits"): lambda market, _: {key: one for key, one in market.limits.items() if one},
    ("Market", "levels"): _levels,
    ("Market", "bands"): lambda market, _: {stock: band for stock, band in market.bands.items() if band},
    ("Market", "nonces"): lambda market, about: market.nonces & about.subjects.nonces,
    ("Market", "epochs"): lambda market, about: {one: market.epochs.get(one, 0) for one in about.subjects.signers},
    # An aggregator's splits alone are kept apart, and none answers on Solana.
    ("Feed", "split_at"): lambda feed, about: 0 if about.on_solana else feed.split_at,
    ("Investors", "records"): _records,
    # A provider who has let nobody in has let in none.
    ("Attestations", "entered"): lambda kept, _: {name: count for name, count in kept.entered.items() if count},
    ("Investors", "successors"): lambda register, about: {
        name: register.successor_of(name) for name in about.subjects.accounts
    },
}
"""Fields that say the same in more than one way, and the one way in which they are compared."""


def fields_of(value: object) -> list[str]:
    """What an object keeps."""
    return [one.name for one in fields(value)] if is_dataclass(value) else list(vars(value))


def _keeps(value: object) -> bool:
    """Whether it is state of the model's own, whose fields are looked at one by one."""
    return type(value).__module__.startswith("scrip.model.state.") and not isinstance(value, Account | Receivable)


def told(value: object, about: About, where: str = "") -> Iterator[tuple[str, Any]]:
    """Each thing that a model keeps, by the path to it."""
    kind = type(value).__name__
    for name in fields_of(value):
        place = (kind, name)
        if place in LEFT_OUT:
            continue
        found = READ[place](value, about) if place in READ else getattr(value, name)
        entries = found.items() if isinstance(found, dict) else [("", found)]
        for key, one in entries:
            path = f"{where}.{name}" + (f"[{key}]" if key else "")
            yield from told(one, about, path) if _keeps(one) else [(path, one)]


def read(chain: Ledger, subjects: Subjects) -> ModelLedger:
    """The model that a chain shows; nobody but the subjects holds anything there."""
    if isinstance(chain, SolanaLedger):
        found = solana.load_model(chain, subjects)
    else:
        assert isinstance(chain, EvmLedger)
        found = evm.load_model(chain, subjects)
    for stock in found.stocks.values():
        assert stock.token.accounts.pop(OTHERS).balance == 0
    return found


def compare(model: ModelLedger, loaded: ModelLedger, subjects: Subjects, name: str = "") -> None:
    """Everything that a model keeps of the subjects is what a chain shows."""
    about = About(subjects, model.now(), model.traits == SOLANA)
    expected, got = (dict(told(one.state, about)) for one in (model, loaded))
    differ = [key for key in {**expected, **got} if expected.get(key) != got.get(key)]
    lines = [f"{key}\n  the model: {expected.get(key)}\n  {name}: {got.get(key)}" for key in differ]
    assert not differ, "\n".join(lines)
