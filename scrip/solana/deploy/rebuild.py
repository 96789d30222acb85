"""Records that were lost, made again from the manifest and the cluster: the program's transactions and used keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from eth_utils import keccak
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from scrip.errors import Drift
from scrip.records.rebuilt import Called, Found, unexplained, unheld, write
from scrip.records.record import Action, Record
from scrip.roles import SOLANA_ADMIN, SOLANA_ROLES
from scrip.solana.connection import SolanaConnection
from scrip.solana.deploy.deployment import whole_deployment
from scrip.solana.handlers.clearance import NO_KEY
from scrip.solana.rpc.chain import POLL_MAX
from scrip.solana.rpc.cluster import Landed, Listed
from scrip.solana.tx.history import FIRST, VIEWS, Done, senders
from scrip.solana.tx.steps import PROGRAM, UNMARKED, digest, holds, marks, prepare, runs, told

MADE = {"used_key": "UsedKey", "stock": "Stock", "action": "Action", "investor": "Investor", "issuer": "Issuer"}
"""Accounts that the program makes and never closes, by the interface's names, and their kinds."""


def standing(network: SolanaConnection) -> list[str]:
    """The address of the program's issuer, who holds the roles, recorded or not; nothing before there is one."""
    return [str(network.program.at.issuer)] if network.initialised else []


def stands_unrecorded(network: SolanaConnection) -> str:
    """What of a deployment stands while the folder has no record at all, and nothing signed; "" where none does."""
    if network.records.paths() or network.records.intents() or not network.initialised:
        return ""
    return f"the program's issuer stands ({network.program.at.issuer})"


def demand_recorded(network: SolanaConnection) -> None:
    """Drift where a deployment stands and the folder has no record at all: nothing is planned a second time."""
    if what := stands_unrecorded(network):
        raise unheld(network.records, what)


def rebuild(network: SolanaConnection, since: int = 0) -> list[Record]:
    """Write the records anew: those of the deployment's steps, of whatever else needed a role, and of what the
    manifest's accounts sent to the program.

    Transactions of slots from `since` on are read. InputError where there are records: what is broken is moved away
    first. Drift, and nothing is written, where the node's history does not reach back to the deployment, or what it
    lists, what it has and the accounts that stand do not agree; Misplaced where another's account stands in the place
    of one of the program's.
    """
    return write(network.records, lambda: _all(network, since))


def _all(network: SolanaConnection, since: int) -> Iterator[Found]:
    stood = _stood(network)
    sent = _sent(network, since)
    authority = _authority(sent, network, since)
    _demand_whole(network, sent, stood)
    # Of some steps the program hears nothing: the treasuries are opened, the program is handed over.
    sent += _beside(network, authority, sent, since)
    sent.sort(key=lambda one: one.landed.slot)
    order = {one.tx: place for place, one in enumerate(sent)}
    deployed = list(_deployed(network, authority, sent))
    others = _others(network, [one for one in sent if one.tx not in {done.tx for done, _ in deployed}])
    for number, (done, action) in enumerate((*deployed, *others)):
        outcome = {"block": done.landed.slot, "gas": done.landed.meta.compute_units_consumed or 0}
        yield Found((order[done.tx], number), action, done.tx, outcome)


# --- what the node has ---


def _stood(network: SolanaConnection) -> dict[Pubkey, str]:
    """Every account of the program's that only one of its instructions can have made, with its kind."""
    kinds = ("UsedKey", "Stock", "Action", "Investor")
    program = network.program
    return {at: kind for kind in kinds for at, _ in network.chain.owned(program.id, 0, program.discriminator(kind))}


def _sent(network: SolanaConnection, since: int) -> list[Done]:
    """The program's transactions that succeeded, the oldest first.

    Asked for by two addresses that each of them names, and refused where one list lacks what the other has.
    """
    at = network.program.at
    listed = network.cluster.listed(network.program.id, since)
    _wait_final(network, listed)
    other = {one.signature for one in network.cluster.listed(at.event_authority, since)}
    found = [Done(network.program, _landed(network, one)) for one in listed if not one.failed]
    by_program = {one.signature for one in listed}
    for one in found:
        if one.events and one.landed.signature not in other:
            raise _partial(f"lists {one.tx} by the program's address, and not by {at.event_authority}")
    for signature in other - by_program:
        landed = network.cluster.transaction(signature)
        if landed is None or network.program.id in landed.keys:
            raise _partial(f"lists {signature} by {at.event_authority}, and not by the program's address")
    return found


def _wait_final(network: SolanaConnection, listed: Sequence[Listed]) -> None:
    """Wait until the newest transaction stays, where the manifest asks for finality: those before it do then."""
    while listed and network.manifest.chain.finality and not network.chain.is_final(listed[-1].signature):
        network.cluster.wait(POLL_MAX)


def _landed(network: SolanaConnection, listed: Listed) -> Landed:
    landed = network.cluster.transaction(listed.signature)
    if landed is None or landed.slot != listed.slot:
        raise _partial(f"lists {listed.signature} in slot {listed.slot}, and does not have it there")
    return landed


def _partial(what: str) -> Drift:
    return Drift(f"{what}: what the node says is not whole, ask it again or another; nothing is written")


def _authority(sent: Sequence[Done], network: SolanaConnection, since: int) -> Pubkey:
    """Who could upgrade the program when it was initialised; Drift where the node's history begins later."""
    for one in sent:
        if any(event.name == FIRST for event in one.events):
            call = next(call for call in one.calls if one.name_of(call) == "initialise")
            named = dict(zip(network.program.accounts_of(call), call.accounts, strict=False))
            return named["upgrade_authority"].pubkey
    reach = f"begins with {sent[0].tx}, in slot {sent[0].landed.slot}" if sent else "holds nothing of the program's"
    asked = f", read from slot {since} on (--since)," if since else ""
    raise Drift(
        f"the node's history{asked} {reach}, and does not reach back to the deployment: ask a node that keeps all; "
        "nothing is written"
    )


def _demand_whole(network: SolanaConnection, sent: Sequence[Done], stood: dict[Pubkey, str]) -> None:
    """Refuse what is not whole: an account that no transaction made, a key that no account marks as used.

    Misplaced where another's account stands in the place of one of the program's.
    """
    program = network.program
    network.stocks()
    named = {at: kind for done in sent for call in done.calls for at, kind in _made_by(network, call)}
    at = program.at
    bound = [event.data for done in sent for event in done.events if event.name == "UnitsBound"]
    named |= {at.locked(at.stock(one.mint), one.holder): "Locked" for one in bound}
    if unmade := next((at for at in stood if at not in named), None):
        raise _partial(f"has {stood[unmade]} {unmade}, and no transaction that made it")
    used = {at for done in sent for at, kind in marks(program, done.calls).items() if kind == "UsedKey"}
    found = program.each(network.chain, list(named.items()))
    for at, one in zip(named, found, strict=True):
        if one is None and at in used:
            raise _partial(f"has a transaction that used the key at {at}, and no account there")
    _demand_told(network, sent)


def _demand_told(network: SolanaConnection, sent: Sequence[Done]) -> None:
    """Refuse events that do not lead to what the issuer's account holds: one of them is missing.

    Of stops, roles and settings no key is kept, and no account is made.
    """
    issuer = network.program.record(network.chain, network.program.at.issuer, "Issuer")
    fields = (SOLANA_ADMIN, *SOLANA_ROLES.values())
    stands = {one: getattr(issuer.roles, one) for one in fields}
    stands |= {"settings": issuer.settings, "market's stop": issuer.market_paused}
    told: dict[str, object] = {"market's stop": False}
    for name, data in ((event.name, event.data) for one in sent for event in one.events):
        if name == FIRST:
            told |= {"settings": data.settings, **{one: getattr(data.roles, one) for one in fields}}
        elif name == "SettingsChanged":
            told["settings"] = data.settings
        elif name == "MarketStopped":
            told["market's stop"] = data.stopped
        elif name == "RoleTaken":
            taken = type(data.role).__name__.lower()
            told[next(one for one in fields if one.replace("_", "") == taken)] = data.to
    for what, value in stands.items():
        if told.get(what) != value:
            raise _partial(f"has another {what} than the events that it lists lead to")


def _made_by(network: SolanaConnection, call: Instruction) -> Iterator[tuple[Pubkey, str]]:
    unkeyed = network.program.at.key(NO_KEY)
    for name, meta in zip(network.program.accounts_of(call), call.accounts, strict=False):
        # Where an account is left out, the program's own address stands for it.
        if name in MADE and meta.pubkey not in (unkeyed, network.program.id, Pubkey.default()):
            yield meta.pubkey, MADE[name]


def _beside(network: SolanaConnection, authority: Pubkey, sent: Sequence[Done], since: int) -> list[Done]:
    """What else was done to the program's code and, up to the listing of each asset, to its treasury."""
    known = {one.landed.signature for one in sent}
    until = {
        event.data.treasury: one.landed.slot for one in reversed(sent) for event in one.events
        if event.name == "AssetListed"
    }  # fmt: skip
    places = {network.program.at.program_data: sent[-1].landed.slot, **until}
    ours = {*senders(network), authority}
    found: dict[object, Done] = {}
    for address, last in places.items():
        for one in network.cluster.listed(address, since):
            is_new = one.signature not in known and not one.failed
            if is_new and (one.slot <= last or address == network.program.at.program_data):
                done = Done(network.program, _landed(network, one))
                if done.payer in ours or done.calls:
                    found[one.signature] = done
    return list(found.values())


# --- what a record says of it ---


def _deployed(network: SolanaConnection, authority: Pubkey, sent: Sequence[Done]) -> Iterator[tuple[Done, Action]]:
    """The steps of a deployment that were carried out, by their very instructions, the first time that they were."""
    plan = whole_deployment(network, authority)
    for step in plan.steps:
        action = prepare(network, plan, step).action
        found = next((one for one in sent if holds(one.landed, action.data_hash)), None)
        if found is not None:
            name = network.keys.name(found.payer)
            yield found, replace(action, sender=str(found.payer), sender_name=name)


def _others(network: SolanaConnection, sent: Sequence[Done]) -> Iterator[tuple[Done, Action]]:
    """What else was done by a role or by the manifest's accounts, each under the keys that the program honoured, if it
    has any."""
    ours = senders(network)
    for one in sent:
        if not {*one.names} - VIEWS or not (one.is_by_role or one.payer in ours):
            continue
        keyed = [(call, key) for call in one.calls if (key := _key(network, one, call))]
        for call, key in keyed:
            yield one, _action(network, one, key, one.name_of(call), [call])
        if not keyed:
            mine = [call for call in one.calls if one.name_of(call) not in VIEWS]
            key = "0x" + keccak(bytes(one.landed.signature)).hex()
            yield one, _action(network, one, key, one.name_of(mine[0]), one.calls)


def _key(network: SolanaConnection, done: Done, call: Instruction) -> str:
    """The key that an instruction used up, which is its step's or its row's id; "" for none."""
    name = done.name_of(call)
    if name in UNMARKED or "used_key" not in network.program.accounts_of(call):
        return ""
    key = bytes(network.program.parse(call)[1]["key"])
    return "0x" + key.hex() if any(key) else ""


def _action(network: SolanaConnection, done: Done, key: str, called: str, calls: Sequence[Instruction]) -> Action:
    named = (network.keys.name(done.payer), str(done.payer), PROGRAM, called, PROGRAM, str(network.program.id))
    arguments = tuple(told(network.program, call) for call in calls)
    return unexplained(network.records, Called(done.tx, key, *named, _digest(done, calls), arguments))


def _digest(done: Done, calls: Sequence[Instruction]) -> str:
    """The hash of the run that holds these instructions, whole, or of the one alone; "" where they stand too deep."""
    if len(calls) == 1 and holds(done.landed, alone := digest(calls)):
        return alone
    whole = next((run for run in runs(done.landed) if any(done.name_of(call) for call in run)), [])
    return digest(whole) if whole else ""
