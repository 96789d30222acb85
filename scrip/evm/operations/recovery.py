"""Lost wallets: a fresh one takes the place of an investor's old one, with all that it holds. Signed by RECOVERER."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.chain import Call
from scrip.evm.connection import EvmConnection
from scrip.evm.encoding.values import investor_number
from scrip.evm.labels import BALANCE_MASK, HELD
from scrip.evm.ledger import EvmLedger
from scrip.evm.operations.common import Grounds, by_role, plan, sender_of, step_of
from scrip.evm.operations.directory import owners
from scrip.instructions import MAX_RECOVERED
from scrip.plan import Plan, Step


def recover(network: EvmConnection, investor: str, old: str, new: str, stocks: Sequence[str], grounds: Grounds) -> Plan:
    """Put `new` in the place of `old`, which is blocked for ever, and move what it has in `stocks`; in all, for none.

    The first MAX_RECOVERED go with the recovery, the others in steps of their own. InputError for a wallet that is not
    this investor's, and for one that was recovered for another successor.
    """
    ledger = network.ledger()
    name = "compliance recover"
    where = list(stocks) or holdings(ledger, old)
    heir = _heir(ledger, old)
    if heir not in ("", ledger.chain.address(new)):
        raise InputError(f"was recovered: its successor is {ledger.chain.name(heir)}", field="old", value=old)
    if not heir:
        _check_wallets(ledger, investor, old, new)
    by = sender_of(network.manifest, "RECOVERER", grounds.sender)
    steps: list[Step] = []
    if not heir:
        first, where = tuple(where[:MAX_RECOVERED]), where[MAX_RECOVERED:]
        order = ins.RecoverWallet(investor, old, new, grounds.reason, grounds.document, first)
        title = f"{new} takes the place of {old}, with {_listed(first)}"
        steps.append(step_of(ledger, f"recover {old}", title, by_role(network.manifest, order, grounds.sender)))
    steps += _fetching(ledger, old, [one for one in where if not heir or _has(ledger, one, old)], by)
    same = [f"{new} is the successor of {old}"] if heir else []
    return plan(network, name, grounds.told, steps, same, natural=True)


def recover_in(network: EvmConnection, old: str, stocks: Sequence[str], sender: str = "") -> Plan:
    """Move what a recovered wallet still has, in `stocks` or all, to its last successor. Anyone may."""
    ledger = network.ledger()
    if not _heir(ledger, old):
        raise InputError("was not recovered", field="old", value=old)
    where = [one for one in stocks or ledger.stocks if _has(ledger, one, old)]
    steps = list(_fetching(ledger, old, where, sender_of(network.manifest, "COMPLIANCE", sender)))
    return plan(
        network, "compliance recover-in", old, steps, [] if steps else [f"nothing is left with {old}"], natural=True
    )


def holdings(ledger: EvmLedger, account: str) -> list[str]:
    """The stocks in which an account has anything: units, a freeze, a lock-up, an open case."""
    return [stock for stock in ledger.stocks if _has(ledger, stock, account)]


def _has(ledger: EvmLedger, stock: str, account: str) -> bool:
    token, at = ledger.token(stock), (ledger.chain.address(account),)
    word, case = ledger.chain.call_many([Call(token, "accountWord", at), Call(token, "caseOf", at)])
    return bool(word & (BALANCE_MASK | HELD) or case[0])


def _heir(ledger: EvmLedger, old: str) -> str:
    """The address of the last successor; "" for a wallet that was not recovered."""
    address = ledger.chain.address(old)
    found = ledger.chain.call(ledger.suite.registry, "successorOf", address)
    return "" if found == address else str(found)


def _check_wallets(ledger: EvmLedger, investor: str, old: str, new: str) -> None:
    owner = owners(ledger, [old, new])
    if owner[old] != investor_number(investor):
        raise InputError("belongs to another investor" if owner[old] else "belongs to nobody", field="old", value=old)
    if owner[new]:
        raise InputError("is an investor's already", field="new", value=new)


def _fetching(ledger: EvmLedger, old: str, stocks: Sequence[str], by: str) -> Iterator[Step]:
    for start in range(0, len(stocks), MAX_RECOVERED):
        page = tuple(stocks[start : start + MAX_RECOVERED])
        title = f"what {old} left in {_listed(page)} goes to its successor"
        yield step_of(ledger, f"recover {old} in {' '.join(page)}", title, ins.RecoverIn(old, page, by))


def _listed(stocks: Sequence[str]) -> str:
    return ", ".join(stocks) or "no stock"
