"""What of an action's roots is not with its holders, leaf by leaf, and why: parked, held, not asked for, not pushed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrip.chains.network import Network
from scrip.dividends import files as folders
from scrip.errors import InputError
from scrip.evm.chain import Call, ask_all
from scrip.evm.handlers.dividends import FUNDED, POSTED, PaidLeaf, paid_leaves
from scrip.flows.dividend_desk import STATUS, DividendDesk, Kind
from scrip.model.state.dividends import CASH_CODE
from scrip.preview import moment


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one account is due and does not have: of which part, how much, and why."""

    part: int
    place: int
    account: str
    amount: str
    state: str
    reason: str

    @property
    def facts(self) -> dict[str, object]:
        """For programs."""
        names = ("part", "place", "account", "amount", "state", "reason")
        return {name: getattr(self, name) for name in names}

    def __str__(self) -> str:
        return f"part {self.part} place {self.place} {self.account}: {self.amount} {self.state}, {self.reason}"


def undelivered(
    network: Network, stock: str, reference: str, given: Sequence[Path] = (), code: str = CASH_CODE
) -> list[Waiting]:
    """Every leaf of every root that is not paid or delivered, and why.

    Who was parked the chain tells; of leaves that nobody asked for yet the roots' folders tell, where they are given.
    InputError for a folder whose root is not posted for it, and where nothing is posted.
    """
    desk = DividendDesk(network, stock, code)
    desk.demand(reference)
    verified = {one.bound: one for one in map(folders.verify, given)}
    numbered = desk.numbered(reference)
    if not numbered:
        raise InputError(f"has no root yet: `dividend root` posts one of {desk.titled(reference)}", field="reference")
    if strangers := set(verified) - {identity for _, identity in numbered}:
        named = next(one.folder for bound, one in verified.items() if bound in strangers)
        raise InputError(f"is of no root that is posted for {desk.titled(reference)}", field="folder", value=named)
    found: list[Waiting] = []
    for part, identity in numbered:
        kept = desk.distribution(identity) or {}
        if kept.get("status") in (POSTED, FUNDED):
            found += _of_part(desk, part, identity, kept, verified.get(identity))
    return found


def _of_part(
    desk: DividendDesk, part: int, identity: str, kept: Mapping[str, Any], written: folders.Verified | None
) -> Iterator[Waiting]:
    kind, chain = desk.kind(kept), desk.views.network.chain
    paid = paid_leaves(chain, desk.distributor, identity, desk.views.ledger.since)
    waiting = {place: (leaf.account, leaf.net, True) for place, leaf in paid.items() if leaf.parked}
    if written is not None:
        waiting |= _left(written, paid)
    whole = _of_all(desk, kept)
    shut = _reasons(desk, kind, {account: net for account, net, _ in waiting.values()})
    for place, (account, net, pushable) in sorted(waiting.items()):
        is_parked = place in paid
        why = whole or shut.get(account, "")
        if not why:
            asked = "its account asks for it: `dividend claim`"
            why = "can be had now: `dividend claim`" if is_parked else "not pushed yet" if pushable else asked
        yield Waiting(part, place, account, kind.told(net), "parked" if is_parked else "unclaimed", why)


def _left(written: folders.Verified, paid: Mapping[int, PaidLeaf]) -> dict[int, tuple[str, int, bool]]:
    leaves = (written.tree.leaves.leaf(place) for place in range(len(written.names)) if place not in paid)
    return {one.index: (written.names[one.index], one.net, one.pushable) for one in leaves if one.net}


def _of_all(desk: DividendDesk, kept: Mapping[str, Any]) -> str:
    """Why nobody is paid of a part now; "" for nothing."""
    if kept["status"] == POSTED:
        return f"the root is {STATUS[POSTED]} and not funded: `dividend fund`"
    if kept["stopped"]:
        return "the part is stopped"
    if desk.views.now() < kept["pay"]:
        return f"it is paid from {moment(kept['pay'])} on"
    if kept["in_units"]:
        token = desk.views.ledger.token(desk.stock_name(kept["coin"]))
        paused, mode = desk.views.network.chain.call_many([Call(token, "paused"), Call(token, "mode")])
        if paused or mode == HALTED:
            return "the stock is paused" if paused else "the fleet is halted"
    return ""


HALTED = 2
"""A stock's mode in which nothing moves."""


def _reasons(desk: DividendDesk, kind: Kind, nets: Mapping[str, int]) -> dict[str, str]:
    """Why an account cannot be paid by itself, by its address."""
    accounts = list(nets)
    payees = desk.payees(accounts)
    found = {one: "a block holds it" for one in accounts if not payees[one]}
    if not kind.units:
        return found
    chain, registry, token = (
        desk.views.network.chain,
        desk.views.ledger.suite.registry,
        desk.views.ledger.token(kind.units),
    )
    free = [one for one in accounts if payees[one]]
    known = ask_all(chain, [Call(registry, "investorOf", (payees[one],)) for one in free])
    may = ask_all(chain, [Call(token, "canReceive", (payees[one],)) for one in free])
    source = desk.distributor.address
    asked = [Call(registry, "restriction", (token.address, source, payees[one], nets[one])) for one in free]
    limits = ask_all(chain, asked)
    for one, investor, is_cleared, limit in zip(free, known, may, limits, strict=True):
        if not is_cleared and not investor:
            found[one] = f"it is no investor's on the register, and {kind.units} asks for one"
        elif not is_cleared:
            found[one] = f"it may not hold {kind.units}: lapsed, frozen, or its country or class is shut out"
        elif limit:
            found[one] = f"a holder limit of {kind.units} is reached"
    return found


__all__ = ["Waiting", "undelivered"]
