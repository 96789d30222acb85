"""One side held to the other: what is apart, by how much, and which known facts make it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import ClassVar

from scrip.preview import moment
from scrip.reconcile.sheet import Sheet
from scrip.reconcile.statement import Entry
from scrip.units import WAD, WAD_DECIMALS, format_fixed

MOST = 3
"""How many facts together are looked at to make up a difference."""
BPS = 10_000


@dataclass(frozen=True, slots=True)
class Cause:
    """A fact that would make a difference of so much, in shares or tokens, with its sign, and what it is for people."""

    amount: Fraction
    what: str


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison: what the chains say is `wanted`, what the statement says is `said`, `apart` is said less wanted.

    `causes` are the facts that make up what is apart, "" where nothing is or none do. It is `good` where nothing beyond
    the tolerance is apart.
    """

    stock: str
    isin: str
    what: str
    unit: str
    wanted: Fraction
    said: Fraction
    good: bool
    causes: str = ""

    COLUMNS: ClassVar[Mapping[str, str]] = {
        "stock": "stock",
        "isin": "ISIN",
        "what": "what",
        "wanted": "on the chains",
        "said": "in the statement",
        "apart": "apart",
        "unit": "of",
        "good": "good",
        "causes": "likely",
    }

    @property
    def apart(self) -> Fraction:
        """What the statement has beyond the chains; negative for a shortage."""
        return self.said - self.wanted

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "stock": self.stock,
            "isin": self.isin,
            "what": self.what,
            "unit": self.unit,
            "wanted": told(self.wanted),
            "said": told(self.said),
            "apart": told(self.apart),
            "good": "yes" if self.good else "NO",
            "causes": self.causes,
        }


def told(value: Fraction) -> str:
    """An amount as a decimal, to 18 places, what is beyond them cut off."""
    return format_fixed(int(value * WAD), WAD_DECIMALS)


def reconcile(
    sheets: Sequence[Sheet], entries: Sequence[Entry], tolerance: Fraction, addresses: Mapping[tuple[str, str], str]
) -> list[Line]:
    """Hold the entries of statements to the chains, stock by stock. `tolerance` is shares of a stock that may be apart,
    as whole shares stand behind fractions of tokens. `addresses` are venues' wallets by network and as a statement
    names them.
    """
    found = []
    for one in sheets:
        mine = [each for each in entries if each.isin in one.isins]
        found += [_backing(one, mine, tolerance), *_attested(one, mine, tolerance), *_venues(one, mine, addresses)]
    known = {isin for one in sheets for isin in one.isins}
    for each in entries:
        if each.isin not in known:
            what = f"{each.kind} of {each.holder}, {each.account}"
            unit = "tokens" if each.kind == "venue" else "shares"
            found.append(
                Line(
                    "", each.isin, what, unit, Fraction(), each.quantity, False, "no stock of this issuer has this ISIN"
                )
            )
    return found


def explained(apart: Fraction, causes: Sequence[Cause], tolerance: Fraction) -> str:
    """The fewest causes that make up what is apart to within a tolerance; what is left over where none do."""
    useful = [one for one in causes if one.amount]
    for size in range(1, min(MOST, len(useful)) + 1):
        for chosen in combinations(useful, size):
            if abs(apart - sum((one.amount for one in chosen), Fraction())) <= tolerance:
                return "; ".join(one.what for one in chosen)
    same = [one for one in useful if (one.amount > 0) == (apart > 0) and abs(one.amount) < abs(apart)]
    if same:
        best = max(same, key=lambda one: abs(one.amount))
        return f"{best.what}; {told(apart - best.amount)} UNEXPLAINED"
    return "UNEXPLAINED"


# --- shares ----------------------------------------------------------------------------------------------------------


def _backing(one: Sheet, entries: Sequence[Entry], tolerance: Fraction) -> Line:
    """Shares at custodians and between them, less the issuer's own, beside what all tokens stand for."""
    signs = {"custody": 1, "transit": 1, "own": -1}
    shares = [each for each in entries if each.kind in signs]
    said = sum((signs[each.kind] * each.quantity for each in shares), Fraction())
    apart = said - one.owed
    line = (one.ticker, one.isins[0], "shares that back tokens", "shares", one.owed, said)
    if abs(apart) <= tolerance:
        return Line(*line, good=True)
    if not shares and one.owed:
        return Line(*line, good=False, causes="no statement has this ISIN")
    return Line(*line, good=False, causes=explained(apart, _facts(one, shares), tolerance))


def _facts(one: Sheet, entries: Sequence[Entry]) -> list[Cause]:
    bought = sum((each.pending_receipt for each in entries), Fraction())
    sold = sum((each.pending_delivery for each in entries), Fraction())
    waiting, receivable = (sum(each.values(), Fraction()) for each in (one.waiting, one.receivable))
    found = [
        Cause(-bought, f"unsettled mint: {told(bought)} shares are bought and not in the account yet"),
        Cause(sold, f"undelivered redemption: {told(sold)} shares of burnt tokens are sold and not out yet"),
        Cause(-waiting, f"unburnt redemption: requests for {told(waiting)} shares wait, whose tokens still count"),
        Cause(-receivable, f"dividend not bought yet: {told(receivable)} shares are receivable"),
    ]
    return [*found, *_ex_dates(one)]


def _ex_dates(one: Sheet) -> list[Cause]:
    """What would be apart where the custodian and the chains stand on two sides of an action."""
    found = []
    for networks in one.moved.values():
        for forward in (False, True):
            other = Fraction()
            for network, needed in one.needed.items():
                moved = networks.get(network)
                if moved is None:
                    other += needed
                else:
                    # What the chain shows is on one side of the action, by its own unit.
                    shown = moved.after if one.unit[network] == moved.after else moved.before
                    wanted = moved.after if forward else moved.before
                    other += needed * wanted / shown
            first = next(iter(networks.values()))
            side = "has taken" if forward else "has not taken"
            what = f"ex date apart: the custodian {side} {first.named} of {moment(first.at)}"
            found.append(Cause(other - one.owed, what))
    return found


def _attested(one: Sheet, entries: Sequence[Entry], tolerance: Fraction) -> list[Line]:
    """What each network's reserve counts beside what the statement would give after the same margin."""
    held = sum((each.quantity for each in entries if each.kind == "custody"), Fraction())
    held -= sum((each.quantity for each in entries if each.kind == "own"), Fraction())
    if not any(each.kind == "custody" for each in entries):
        return []
    found = []
    for network, (attested, margin, answered_at) in one.attested.items():
        wanted = held * (BPS - margin) / BPS
        apart = wanted - attested
        what = f"reserve that {network} counts after its margin of {margin} bps"
        said_at = max((each.as_of for each in entries if each.kind == "custody"), default=0)
        causes = [
            Cause(held * (BPS - margin) / BPS * (ratio - 1) / ratio, what_of)
            for ratio, what_of in _ratios(one, network)
        ]
        if abs(apart) <= tolerance:
            found.append(Line(one.ticker, one.isins[0], what, "shares", attested, wanted, True))
        else:
            when = f"the answer is of {moment(answered_at)}" if answered_at else "there is no answer"
            likely = explained(apart, causes, tolerance)
            likely = f"{when}, the statement of {moment(said_at)}" if likely == "UNEXPLAINED" else likely
            found.append(Line(one.ticker, one.isins[0], what, "shares", attested, wanted, False, likely))
    return found


def _ratios(one: Sheet, network: str) -> list[tuple[Fraction, str]]:
    found = []
    for networks in one.moved.values():
        if (moved := networks.get(network)) is not None:
            ratio = moved.after / moved.before
            what = f"ex date apart: one of the two has taken {moved.named} of {moment(moved.at)}"
            found += [(ratio, what), (1 / ratio, what)]
    return found


# --- venues ----------------------------------------------------------------------------------------------------------


def _venues(one: Sheet, entries: Sequence[Entry], addresses: Mapping[tuple[str, str], str]) -> list[Line]:
    """What each venue says that it holds beside what its wallets have, by network; then wallets nobody speaks of."""
    by_venue: dict[tuple[str, str], list[Entry]] = {}
    for each in entries:
        if each.kind == "venue":
            by_venue.setdefault((each.holder, each.network), []).append(each)
    spoken: set[tuple[str, str]] = set()
    found = []
    for (holder, network), rows in by_venue.items():
        wallets = {(network, addresses[network, each.account]) for each in rows}
        spoken |= wallets
        wanted = sum((one.tokens[each][0] for each in wallets if each in one.tokens), Fraction())
        said = sum((each.quantity for each in rows), Fraction())
        line = (one.ticker, one.isins[0], f"{holder}'s wallets on {network}", "tokens", wanted, said)
        if said == wanted:
            found.append(Line(*line, good=True))
        else:
            causes = _of_venue(one, network, rows, wanted)
            found.append(Line(*line, good=False, causes=explained(said - wanted, causes, Fraction())))
    for (network, account), (tokens, name) in sorted(one.tokens.items()):
        if tokens and (network, account) not in spoken:
            what = f"{name or account}, a venue's wallet on {network}"
            reason = "no statement speaks of it"
            found.append(Line(one.ticker, one.isins[0], what, "tokens", tokens, Fraction(), False, reason))
    return found


def _of_venue(one: Sheet, network: str, rows: Sequence[Entry], wanted: Fraction) -> list[Cause]:
    came = sum((each.pending_receipt for each in rows), Fraction())
    left = sum((each.pending_delivery for each in rows), Fraction())
    unit = one.unit.get(network, Fraction(1))
    found = [
        Cause(-came, f"deposit not credited: {told(came)} tokens are in its wallets and in no client's account"),
        Cause(left, f"withdrawal not sent: {told(left)} tokens are out of clients' accounts and not of its wallets"),
        Cause(wanted * unit - wanted, "it counts shares, not tokens"),
    ]
    for networks in one.moved.values():
        if (moved := networks.get(network)) is not None:
            ratio = moved.after / moved.before
            what = f"ex date apart: it scales tokens by {moved.named} of {moment(moved.at)}, which the multiplier does"
            found.append(Cause(wanted * ratio - wanted, what))
    return found
