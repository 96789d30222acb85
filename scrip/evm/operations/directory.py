"""The compliance network: investors and their wallets, one by one or from a batch file. Signed by COMPLIANCE."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from scrip import instructions as ins
from scrip.errors import InputError, InputErrors
from scrip.evm.chain import Call, ask_all
from scrip.evm.connection import EvmConnection
from scrip.evm.deploy.design import call
from scrip.evm.encoding.values import CLASSES, Transaction, investor_number
from scrip.evm.handlers.registering import onboarding
from scrip.evm.ledger import EvmLedger
from scrip.evm.operations.common import Grounds, by_role, plan, sender_of, step_of
from scrip.inputs.batch import Batch, Link, Newcomer, Renewal
from scrip.plan import Address, Plan, Step

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Standing:
    """An investor as the registry has it; all empty for one that it does not know."""

    known: bool
    blocked: bool
    country: int
    investor_class: int
    expiry: int


def standings(ledger: EvmLedger, investors: Sequence[str]) -> dict[str, Standing]:
    """What the registry says of investors, by name."""
    calls = [Call(ledger.suite.registry, "investorRecord", (investor_number(one),)) for one in investors]
    return {one: Standing(*answer) for one, answer in zip(investors, ask_all(ledger.chain, calls), strict=True)}


def owners(ledger: EvmLedger, wallets: Sequence[str]) -> dict[str, int]:
    """The investor's number that each wallet belongs to, 0 for none."""
    calls = [Call(ledger.suite.registry, "investorOf", (ledger.chain.address(one),)) for one in wallets]
    return dict(zip(wallets, ask_all(ledger.chain, calls), strict=True))


# --- batches ---------------------------------------------------------------------------------------------------------


def onboard(network: EvmConnection, batch: Batch[Newcomer], sender: str = "") -> Plan:
    """Onboard a file's investors, some to a transaction; those that stand as the file says are left alone.

    InputErrors, a line each, for an investor or a wallet that is known as something else.
    """
    try:
        return _onboard(network, batch, sender)
    except InputErrors:
        # What an earlier run had sent may have landed between the questions about investors and about wallets.
        return _onboard(network, batch, sender)


def _onboard(network: EvmConnection, batch: Batch[Newcomer], sender: str) -> Plan:
    ledger = network.ledger()
    by = sender_of(network.manifest, "COMPLIANCE", sender)
    known = standings(ledger, [row.investor for _, row in batch.rows])
    held = owners(ledger, [row.wallet for _, row in batch.rows])

    def stands(row: Newcomer) -> bool:
        found, number = known[row.investor], investor_number(row.investor)
        wished = Standing(True, found.blocked, row.country, CLASSES[row.investor_class], row.expiry)
        if not found.known and not held[row.wallet]:
            return False
        if found != wished:
            reason = "is known with another record" if found.known else "belongs to another investor"
            field, value = ("investor", row.investor) if found.known else ("wallet", row.wallet)
            raise InputError(reason, field=field, value=value)
        if held[row.wallet] != number:
            raise InputError("is not this investor's, who is known with others", field="wallet", value=row.wallet)
        return True

    def steps(rows: Sequence[Newcomer], name: str) -> Step:
        orders = tuple(
            ins.Onboard(one.investor, one.wallet, one.country, one.investor_class, one.expiry, by=by) for one in rows
        )
        return call(name, f"onboard {len(rows)} investors, {name}", onboarding(orders, by), *orders)

    return _batched(network, "compliance onboard", batch, stands, steps)


def _batched(
    network: EvmConnection,
    name: str,
    batch: Batch[_Row],
    stands: Callable[[_Row], bool],
    make: Callable[[Sequence[_Row], str], Step],
) -> Plan:
    """A step for each range of rows in which one does not stand yet."""
    size = _interrupted_size(network, name, batch.digest) or network.manifest.limits.batch
    errors: list[InputError] = []
    missing = []
    for place, (line, row) in enumerate(batch.rows):
        try:
            if not stands(row):
                missing.append(place)
        except InputError as error:
            errors.append(InputError(error.message, field=error.field, value=error.value, file=batch.file, line=line))
    if errors:
        raise InputErrors(errors)
    steps = []
    for start in range(0, len(batch.rows), size):
        rows = [batch.rows[place][1] for place in missing if start <= place < start + size]
        if rows:
            steps.append(make(rows, f"rows {start + 1}-{min(start + size, len(batch.rows))}"))
    same = [f"{len(batch.rows) - len(missing)} rows"] if len(missing) < len(batch.rows) else []
    return plan(network, name, batch.digest, steps, same, natural=True)


def _interrupted_size(network: EvmConnection, name: str, digest: str) -> int:
    """Rows to a transaction of a run of this file that was cut short: its steps keep their names; 0 for none."""
    for intent in network.records.open_intents():
        if (intent.action.operation, intent.action.reference) == (name, digest):
            first, _, last = intent.action.step.removeprefix("rows ").partition("-")
            return _size(int(first), int(last))
    return 0


def _size(first: int, last: int) -> int:
    """The size of which a range is a part. A file's last range may be shorter; its first row tells then."""
    length = last - first + 1
    return length if (first - 1) % length == 0 or first == 1 else first - 1


def renew(network: EvmConnection, batch: Batch[Renewal], sender: str = "") -> Plan:
    """New expiries from a file, one transaction each."""
    ledger = network.ledger()
    known = standings(ledger, [row.investor for _, row in batch.rows])

    def order(row: Renewal) -> ins.RoleInstruction | None:
        if known[row.investor].expiry == row.expiry:
            return None
        return ins.Renew(row.investor, row.expiry)

    return _singly(network, "compliance renew", batch, known, order, sender)


def link(network: EvmConnection, batch: Batch[Link], sender: str = "") -> Plan:
    """Further wallets from a file, one transaction each."""
    ledger = network.ledger()
    known = standings(ledger, [row.investor for _, row in batch.rows])
    held = owners(ledger, [row.wallet for _, row in batch.rows])

    def order(row: Link) -> ins.RoleInstruction | None:
        owner = held[row.wallet]
        if owner == investor_number(row.investor):
            return None
        if owner:
            raise InputError("belongs to another investor", field="wallet", value=row.wallet)
        return ins.LinkWallet(row.investor, row.wallet)

    return _singly(network, "compliance link", batch, known, order, sender)


def _singly(
    network: EvmConnection,
    name: str,
    batch: Batch[_Row],
    known: dict[str, Standing],
    order: Callable[[_Row], ins.RoleInstruction | None],
    sender: str,
) -> Plan:
    ledger = network.ledger()
    errors: list[InputError] = []
    steps: list[Step] = []
    same = 0
    for line, row in batch.rows:
        investor = row.investor  # type: ignore[attr-defined]
        try:
            if not known[investor].known:
                raise InputError("is not in the registry", field="investor", value=investor)
            wanted = order(row)
        except InputError as error:
            errors.append(InputError(error.message, field=error.field, value=error.value, file=batch.file, line=line))
            continue
        if wanted is None:
            same += 1
            continue
        title = f"{name.removeprefix('compliance ')} {investor}, line {line}"
        steps.append(step_of(ledger, f"line {line}", title, by_role(network.manifest, wanted, sender)))
    if errors:
        raise InputErrors(errors)
    return plan(network, name, batch.digest, steps, [f"{same} rows"] if same else [], natural=True)


# --- one by one ------------------------------------------------------------------------------------------------------


def block(network: EvmConnection, investor: str, grounds: Grounds) -> Plan:
    """Stop an investor in every stock."""
    return _turn(network, "compliance block", ins.Block(investor, grounds.reason, grounds.document), True, grounds)


def unblock(network: EvmConnection, investor: str, grounds: Grounds) -> Plan:
    """Lift an investor's block."""
    return _turn(network, "compliance unblock", ins.Unblock(investor, grounds.reason, grounds.document), False, grounds)


def _turn(network: EvmConnection, name: str, order: ins.Block | ins.Unblock, wished: bool, grounds: Grounds) -> Plan:
    ledger = network.ledger()
    found = standings(ledger, [order.investor])[order.investor]
    if not found.known:
        raise InputError("is not in the registry", field="investor", value=order.investor)
    if found.blocked == wished:
        return plan(network, name, grounds.reference, (), [f"{order.investor} is {'' if wished else 'not '}blocked"])
    title = f"{name.removeprefix('compliance ')} {order.investor}"
    steps = [step_of(ledger, title, title, by_role(network.manifest, order, grounds.sender))]
    return plan(network, name, grounds.told, steps)


def unlink(network: EvmConnection, investor: str, wallet: str, grounds: Grounds) -> Plan:
    """Take a wallet from its investor."""
    ledger = network.ledger()
    name = "compliance unlink"
    owner = owners(ledger, [wallet])[wallet]
    if owner == 0:
        return plan(network, name, grounds.reference, (), [f"{wallet} belongs to nobody"])
    if owner != investor_number(investor):
        raise InputError("belongs to another investor", field="wallet", value=wallet)
    title = f"unlink {wallet} from {investor}"
    order = ins.UnlinkWallet(investor, wallet, grounds.reason, grounds.document)
    signed = by_role(network.manifest, order, grounds.sender)
    return plan(network, name, grounds.told, [step_of(ledger, title, title, signed)])


def push(network: EvmConnection, investor: str, sender: str = "") -> Plan:
    """Send the next page of news that was too long for one transaction: one step a wallet, until nothing is left.

    Anyone may. The fleet runs STRICT meanwhile, so that nothing passes that should not.
    """
    ledger = network.ledger()
    registry = ledger.suite.registry
    wallets = ledger.chain.call(registry, "walletsOf", investor_number(investor))
    cursors = ask_all(ledger.chain, [Call(registry, "unfinishedPush", (one,)) for one in wallets])
    by = sender_of(network.manifest, "COMPLIANCE", sender)
    steps = [
        call(
            f"{wallet} from stock {cursor}",
            f"tell the stocks of {wallet}, from number {cursor}",
            Transaction(by, "registry", "ComplianceRegistry", "continuePush", (Address(wallet),)),
        )
        for wallet, cursor in zip(wallets, cursors, strict=True)
        if cursor
    ]
    return plan(network, "compliance push", investor, steps, natural=True)
