"""Roots that were wrong: one that nobody funded is voided, and what a funded one has not paid is recalled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scrip import instructions as ins
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.evm.handlers.dividends import ENDED, FUNDED, POSTED, VOIDED
from scrip.evm.views import EvmViews
from scrip.flows.dividend_desk import STATUS, DividendDesk
from scrip.model.state.dividends import CASH_CODE
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft, Reason

Kept = dict[str, Any]


def void(
    network: Network, stock: str, reference: str, why: Reason, part: int | None = None, code: str = CASH_CODE
) -> Plan:
    """End a posted root that nobody has funded (ACTIONS, or the timelock); another can be posted in its place.

    `part` names it where more than one is posted. Nothing where it is voided. InputError for one that is funded.
    """
    desk, draft, place, identity, found = _one(network, "void", stock, reference, part, _is_posted, code)
    if found["status"] == VOIDED:
        return draft.nothing(f"part {place} of {desk.titled(reference)} is voided")
    if found["status"] != POSTED:
        reason = "is funded: stop it, and have it recalled" if found["status"] == FUNDED else "was funded, and is over"
        raise InputError(reason, field="part", value=place)
    order = ins.VoidRoot(identity, why.code, why.document)
    title = (
        f"the root of part {place} of {desk.titled(reference)}, of {desk.kind(found).told(found['net'])}, pays nobody"
    )
    draft.order(title, order, why.sender, draft.fresh(f"void {place}"))
    draft.changes.append(Change(f"part {place}", "posted", "voided"))
    return draft.plan()


def recall(
    network: Network, stock: str, reference: str, why: Reason, part: int | None = None, code: str = CASH_CODE
) -> Plan:
    """Send the treasury what a stopped part has not paid (the timelock): its root was wrong.

    `part` names it where more than one is stopped. Nothing where it was recalled. InputError for one that is not
    funded, pays still, or is over.
    """
    desk, draft, place, identity, found = _one(network, "recall", stock, reference, part, _is_stopped, code)
    if found["status"] == ENDED and desk.is_recalled(identity):
        return draft.nothing(f"part {place} of {desk.titled(reference)} was recalled")
    if found["status"] != FUNDED or not found["stopped"]:
        reasons = {POSTED: "is not funded: `dividend void`", FUNDED: "is not stopped: `dividend stop` first"}
        reason = reasons.get(found["status"], f"is {STATUS[found['status']]}: nothing of it is left")
        raise InputError(reason, field="part", value=place)
    order = ins.RecallDividend(identity, why.code, why.document)
    money, to = desk.kind(found).told(found["unpaid"]), desk.name(found["treasury"])
    title = f"{money} that part {place} of {desk.titled(reference)} has not paid goes back to {to}"
    draft.order(title, order, why.sender, draft.fresh(f"recall {place}"))
    draft.changes.append(Change(f"part {place}", "stopped", "over"))
    draft.changes.append(Change(f"{to} gets", "0", money))
    return draft.plan()


def _one(
    network: Network,
    name: str,
    stock: str,
    reference: str,
    part: int | None,
    is_meant: Callable[[Kept], bool],
    code: str,
) -> tuple[DividendDesk, Draft[EvmViews], int, str, Kept]:
    """The part that is meant, with its place, id and what the chain keeps of it.

    Where none is named it is the only one that can be meant, or the last of all. InputError for one that there is not,
    and where more than one can be meant.
    """
    desk = DividendDesk(network, stock, code)
    draft = Draft(desk.views, f"dividend {name}", desk.titled(reference), natural=True)
    desk.demand(reference)
    known = [(place, identity, desk.distribution(identity) or {}) for place, identity in desk.numbered(reference)]
    if not known:
        raise InputError(f"no root is posted for {desk.titled(reference)}", field="reference", value=reference)
    place, identity, found = _meant(known, part, is_meant)
    return desk, draft, place, identity, found


def _is_posted(found: Kept) -> bool:
    return bool(found["status"] == POSTED)


def _is_stopped(found: Kept) -> bool:
    return bool(found["status"] == FUNDED and found["stopped"])


def _meant(
    known: Sequence[tuple[int, str, Kept]], part: int | None, is_meant: Callable[[Kept], bool]
) -> tuple[int, str, Kept]:
    if part is not None:
        chosen = [one for one in known if one[0] == part]
        if not chosen:
            places = ", ".join(str(place) for place, _, _ in known)
            raise InputError(f"is no part that was posted and stands ({places} do)", field="part", value=part)
        return chosen[0]
    open_ones = [one for one in known if is_meant(one[2])]
    if len(open_ones) > 1:
        places = ", ".join(str(place) for place, _, _ in open_ones)
        raise InputError(f"parts {places} could be meant: name one with --part", field="part")
    return (open_ones or known)[-1]
