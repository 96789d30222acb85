"""Lost wallets: a fresh one takes the place of an investor's old one, with all that it holds. Signed by RECOVERER."""

from __future__ import annotations

from collections.abc import Sequence

from scrip import instructions as ins
from scrip.chains.network import Network
from scrip.chains.views import Views
from scrip.errors import InputError
from scrip.flows.investors import check_signable
from scrip.plan import Plan
from scrip.plan.draft import Draft, Reason


def recover(network: Network, investor: str, old: str, new: str, stocks: Sequence[str], reason: Reason) -> Plan:
    """Put `new` in the place of `old`, which is blocked for ever, and move what it has in `stocks`; in all, for none.

    As many as a transaction has room for go with the recovery, the others in steps of their own. On Solana the
    successor's token accounts are opened before. InputError for a wallet that is not this investor's, and for one that
    was recovered for another successor.
    """
    views = network.views()
    lost = views.succession()
    draft = Draft(views, "compliance recover", reason.told, natural=True)
    where = list(stocks) or [*lost.left(old, [*views.ledger.stocks])]
    heir = lost.heir(old)
    if heir not in ("", views.address(new)):
        raise InputError(f"was recovered: its successor is {views.name(heir)}", field="old", value=old)
    if not heir:
        _check_wallets(views, investor, old, new)
    by = draft.sender("RECOVERER", reason.sender)
    draft.steps += lost.opening(old, new, where, by)
    if heir:
        draft.same.append(f"{new} is the successor of {old}")
    else:
        first, where = tuple(where[: lost.room]), where[lost.room :]
        order = ins.RecoverWallet(investor, old, new, reason.code, reason.document, first)
        title = f"{new} takes the place of {old}, with {_listed(first)}"
        draft.order(title, order, reason.sender, f"recover {old}")
        draft.steps += lost.closing(old, first, by, new)
        if views.clearances([investor])[investor].blocked:  # whose accounts of an open stock were born thawed
            draft.steps += lost.closing(new, (), by)
    draft.steps += lost.fetching(old, [*lost.left(old, where)] if heir else where, by, "" if heir else new)
    return draft.plan()


def recover_in(network: Network, old: str, stocks: Sequence[str], sender: str = "") -> Plan:
    """Move what a recovered wallet still has, in `stocks` or all, to its last successor. Anyone may."""
    views = network.views()
    lost = views.succession()
    if not (heir := lost.heir(old)):
        raise InputError("was not recovered", field="old", value=old)
    draft = Draft(views, "compliance recover-in", old, natural=True)
    where = lost.left(old, stocks or [*views.ledger.stocks])
    by = draft.anyone("COMPLIANCE", sender)
    draft.steps += [*lost.opening(old, heir, where, by), *lost.fetching(old, where, by)]
    return draft.plan() if draft.steps else draft.nothing(f"nothing is left with {old}")


def _check_wallets(views: Views, investor: str, old: str, new: str) -> None:
    check_signable(new, views.unsignable([new]), "new")
    owner = views.owners([old, new])
    if owner[old] != views.owner(investor):
        raise InputError("belongs to another investor" if owner[old] else "belongs to nobody", field="old", value=old)
    if owner[new]:
        raise InputError("is an investor's already", field="new", value=new)


def _listed(stocks: Sequence[str]) -> str:
    return ", ".join(stocks) or "no stock"
