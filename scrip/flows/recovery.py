"""Lost wallets: a fresh one takes the place of an investor's old one, with all that it holds. Signed by RECOVERER."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrip import instructions as ins
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.evm.chain import Call
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.labels import BALANCE_MASK, HELD
from scrip.evm.ledger import EvmLedger
from scrip.evm.views import EvmViews
from scrip.flows.investors import check_signable
from scrip.instructions.recovery import MAX_RECOVERED
from scrip.plan import Plan, Step
from scrip.plan.draft import Draft, Reason


def recover(network: Network, investor: str, old: str, new: str, stocks: Sequence[str], reason: Reason) -> Plan:
    """Put `new` in the place of `old`, which is blocked for ever, and move what it has in `stocks`; in all, for none.

    The first MAX_RECOVERED go with the recovery, the others in steps of their own. InputError for a wallet that is not
    this investor's, and for one that was recovered for another successor.
    """
    views = evm_only(network).views()
    ledger = views.ledger
    draft = Draft(views, "compliance recover", reason.told, natural=True)
    where = list(stocks) or holdings(ledger, old)
    heir = _heir(ledger, old)
    if heir not in ("", views.address(new)):
        raise InputError(f"was recovered: its successor is {ledger.chain.name(heir)}", field="old", value=old)
    if not heir:
        _check_wallets(views, investor, old, new)
    by = draft.sender("RECOVERER", reason.sender)
    if heir:
        draft.same.append(f"{new} is the successor of {old}")
    else:
        first, where = tuple(where[:MAX_RECOVERED]), where[MAX_RECOVERED:]
        order = ins.RecoverWallet(investor, old, new, reason.code, reason.document, first)
        title = f"{new} takes the place of {old}, with {_listed(first)}"
        draft.order(title, order, reason.sender, f"recover {old}")
    left = [one for one in where if not heir or _has(ledger, one, old)]
    draft.steps += _fetching(views, old, left, by)
    return draft.plan()


def recover_in(network: Network, old: str, stocks: Sequence[str], sender: str = "") -> Plan:
    """Move what a recovered wallet still has, in `stocks` or all, to its last successor. Anyone may."""
    views = evm_only(network).views()
    ledger = views.ledger
    if not _heir(ledger, old):
        raise InputError("was not recovered", field="old", value=old)
    draft = Draft(views, "compliance recover-in", old, natural=True)
    where = [one for one in stocks or ledger.stocks if _has(ledger, one, old)]
    draft.steps += _fetching(views, old, where, draft.anyone("COMPLIANCE", sender))
    return draft.plan() if draft.steps else draft.nothing(f"nothing is left with {old}")


def holdings(ledger: EvmLedger, account: str) -> list[str]:
    """The stocks in which an account has anything: units, a freeze, a lock-up, an open case."""
    return [stock for stock in ledger.stocks if _has(ledger, stock, account)]


def _has(ledger: EvmLedger, stock: str, account: str) -> bool:
    token, at = ledger.token(stock), (ledger.chain.address(account),)
    word, case = ledger.chain.call_many([Call(token, "accountWord", at), Call(token, "caseOf", at)])
    return bool(word & (BALANCE_MASK | HELD) or case[0])


def _heir(ledger: EvmLedger, old: str) -> str:
    """The address of the last successor; "" for a wallet that was not recovered. Refuses one that is another's now."""
    chain, address = ledger.chain, ledger.chain.address(old)
    registry = ledger.suite.registry
    (last, investor), heir = chain.call_many(
        [Call(registry, "successionOf", (address,)), Call(registry, "successorOf", (address,))]
    )
    if investor and heir == ZERO_ADDRESS:
        raise InputError(f"its successor {chain.name(last)} is not that investor's any more", field="old", value=old)
    return str(last) if investor else ""


def _check_wallets(views: EvmViews, investor: str, old: str, new: str) -> None:
    check_signable(new, views.unsignable([new]), "new")
    owner = views.owners([old, new])
    if owner[old] != views.owner(investor):
        raise InputError("belongs to another investor" if owner[old] else "belongs to nobody", field="old", value=old)
    if owner[new]:
        raise InputError("is an investor's already", field="new", value=new)


def _fetching(views: EvmViews, old: str, stocks: Sequence[str], by: str) -> Iterator[Step]:
    for start in range(0, len(stocks), MAX_RECOVERED):
        page = tuple(stocks[start : start + MAX_RECOVERED])
        title = f"what {old} left in {_listed(page)} goes to its successor"
        yield views.step(f"recover {old} in {' '.join(page)}", title, [ins.RecoverIn(old, page, by)])


def _listed(stocks: Sequence[str]) -> str:
    return ", ".join(stocks) or "no stock"
