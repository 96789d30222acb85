"""What an order about the book's action does to the end that the action is: opened with it, and followed after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrip import instructions as ins
from scrip.action_codes import ends
from scrip.evm.handlers.wind_up import OPENED, read_end
from scrip.evm.views import EvmViews
from scrip.labels import TIMELOCK
from scrip.plan.draft import Draft
from scrip.preview import moment

CHOICE = (
    "holders choose between cash and shares: amend the action to what all get before its deadline, or give it a record"
)


def offers_choice(code: str, terms: ins.RecordTerms) -> bool:
    """Whether holders of a merger choose between cash and shares, which no end pays."""
    return code == "MRGR" and bool(terms.deadline and terms.num and terms.gross)


def end_of(views: EvmViews, stock: str) -> Mapping[str, Any] | None:
    """What the WindUp keeps of a stock's end; None where there is none, or no WindUp."""
    suite = views.ledger.suite
    if suite.wind_up is None:
        return None
    return read_end(views.network.chain, suite.wind_up, views.ledger.token(stock))


def open_with(draft: Draft[EvmViews], order: ins.AnnounceRecord, sender: str) -> None:
    """Open the end that an announced action is, where the network has a WindUp and nothing stands against it."""
    views, terms = draft.views, order.terms
    if views.ledger.suite.wind_up is None or not ends(order.code, terms.record_at) or terms.pay <= views.now():
        return
    against = CHOICE if offers_choice(order.code, terms) else ""
    if terms.num and not terms.other:
        against = against or "its shares are of a stock that is not the issuer's"
    end = end_of(views, order.stock)
    if end is not None:
        if bytes(end["action"]) == views.ledger.action_id(order.stock, order.code, order.reference):
            return
        against = "the stock has another end, which stands"
    if against:
        draft.same.append(f"its end is not opened: {against}")
        return
    opened = ins.BeginEnd(order.stock, order.code, order.reference)
    draft.order(f"{order.stock} is minted no more from {moment(terms.pay)} on", opened, sender, draft.fresh("open"))


def follow_after(
    draft: Draft[EvmViews], order: ins.AmendRecord | ins.CancelRecord, told: str, sender: str, pay: int = 0
) -> None:
    """Have an opened end take over what became of its action: its cancellation, or the effect `pay`.

    A timelock's order is carried out later: `wind-up run` follows it then.
    """
    views = draft.views
    end = end_of(views, order.stock)
    if end is None or end["status"] != OPENED or end["end_at"] == pay or sender == TIMELOCK:
        return
    if bytes(end["action"]) == views.ledger.action_id(order.stock, order.code, order.reference):
        by = draft.anyone("ACTIONS", sender)
        draft.add(views.step(draft.fresh("follow"), told, [ins.FollowEnd(order.stock, by)]))
