"""The instructions of enforcement, applied to a stock's token."""

from __future__ import annotations

from collections.abc import Callable

from scrip.errors import Refusal
from scrip.instructions import enforcement as ins
from scrip.instructions.enforcement import Enforcement
from scrip.ledger import ChainTraits
from scrip.model.lockups import Tranche
from scrip.model.token import Token
from scrip.units import RawUnits


def enforce(token: Token, order: Enforcement, traits: ChainTraits, raw: Callable[[RawUnits], int], now: int) -> None:
    """Do it, or raise Refusal as the token's methods say. `raw` checks that an amount is of this ledger's decimals."""
    match order:
        case ins.OpenCase():
            token.open_case(order.account, order.reason, order.document)
        case ins.CloseCase():
            token.close_case(order.account)
        case ins.Freeze():
            token.freeze(order.key, order.account, order.frozen, order.reason, order.document)
        case ins.SetFrozenTokens():
            amount = raw(order.amount)
            if not traits.partial_freeze:
                raise Refusal("token: no partial freeze")
            token.set_frozen_tokens(order.key, order.account, amount, order.reason, order.document)
        case ins.ForcedTransfer():
            amount = raw(order.amount)
            token.forced_transfer(order.key, order.sender, order.to, amount, order.reason, order.document, now)
        case ins.ForcedBurn():
            amount = raw(order.amount)
            token.forced_burn(order.key, order.account, amount, order.reason, order.document, now)
        case ins.Lock():
            fresh = Tranche(order.until, raw(order.amount))
            token.lock(order.key, order.account, fresh, order.reason, order.document, now)
        case ins.ReleaseLocks():
            token.release_locks(order.key, order.account, order.reason, order.document, now)
