"""Who holds what: accounts, the Safe, the timelock and the roles. On a public network no hot key holds much."""

from __future__ import annotations

from scrip.labels import (
    BALLOT,
    BLUEPRINT,
    BOOK,
    DEPLOYER,
    DISTRIBUTOR,
    ELECTIONS,
    ENTRIES,
    ENTRY_BLUEPRINT,
    EXTENSIONS,
    IMPLEMENTATIONS,
    LABELS,
    OFFER_TERMS,
    OFFERS,
    PRICES,
    REGION_EXIT,
    REGISTRY_EXTENSION,
    SAFE,
    SEQUENCER,
    STABLECOIN,
    TIMELOCK,
    VAULT_BLUEPRINT,
    VAULTS,
    VERIFIER,
    WIND_UP,
)
from scrip.manifest.addresses import wrong_address
from scrip.manifest.document import Where
from scrip.manifest.fault import Fault, Faults
from scrip.manifest.model import Account, AnyManifest, EvmManifest, Manifest, SolanaManifest
from scrip.parameters import PUBLIC_SAFE_THRESHOLD, PUBLIC_TIMELOCK_DELAY, TIMELOCK_DELAY
from scrip.roles import APART, DAILY, SAFE_ONLY

RESERVED = frozenset(
    {SAFE, "multisend", TIMELOCK, STABLECOIN, BLUEPRINT, REGISTRY_EXTENSION, PRICES, SEQUENCER, VERIFIER}
    | {VAULTS, VAULT_BLUEPRINT, ENTRIES, ENTRY_BLUEPRINT, BOOK, DISTRIBUTOR, BALLOT, ELECTIONS, WIND_UP}
    | {OFFERS, OFFER_TERMS, REGION_EXIT}
    | {*LABELS, *IMPLEMENTATIONS, *EXTENSIONS}
)
"""Labels of contracts: no account may take one."""
RESERVED_STEMS = ("asset-", "oracle-", "price-", "adapter-", "safe-", "vault-", "entry-")
"""How the labels of assets, oracles, prices, vaults of both kinds and the Safe's own contracts begin."""


def check_keys(manifest: AnyManifest) -> Faults:
    """Everything wrong with accounts, Safe, timelock, roles and the program's upgrade authority."""
    yield from _check_accounts(manifest)
    yield from _check_safe(manifest)
    yield from _check_timelock(manifest)
    if isinstance(manifest, SolanaManifest):
        yield from _check_program(manifest)
    yield from _check_roles(manifest)
    if isinstance(manifest, EvmManifest):
        yield from _check_emergency(manifest)
    if manifest.chain.public:
        yield from _check_apart(manifest)


def _check_accounts(manifest: Manifest) -> Faults:
    safe = manifest.safe.address
    keys = {safe.lower() if manifest.chain.kind == "evm" else safe: SAFE}
    for name, account in manifest.accounts.items():
        where: Where = ("accounts", name)
        if name in RESERVED or name.startswith(RESERVED_STEMS):
            yield Fault(where, "is a contract's name: no account may take it", name)
        given = [field for field in ("alias", "address", "local") if getattr(account, field)]
        if len(given) != 1:
            yield Fault(where, f"needs exactly one of alias, address, local: true; has {', '.join(given) or 'none'}")
            continue
        yield from _check_account(where, account, manifest)
        key = account.alias or account.address.lower() if manifest.chain.kind == "evm" else account.address
        if key and key in keys:
            yield Fault((*where, given[0]), f"is the account {keys[key]}'s already", getattr(account, given[0]))
        keys.setdefault(key, name)
    if DEPLOYER not in manifest.accounts:
        yield Fault(("accounts", DEPLOYER), "is missing: it deploys, and holds nothing afterwards")


def _check_account(where: Where, account: Account, manifest: Manifest) -> Faults:
    if account.local and manifest.chain.public:
        yield Fault((*where, "local"), "anyone can derive a local account's key: not on a public network", True)
    if account.address and (wrong := wrong_address(account.address, manifest.chain.kind)):
        yield Fault((*where, "address"), wrong, account.address)


def _check_safe(manifest: Manifest) -> Faults:
    safe, public = manifest.safe, manifest.chain.public
    yield from _check_names(("safe", "owners"), safe.owners, manifest)
    if not safe.owners:
        yield Fault(("safe", "owners"), "is empty: the Safe needs owners")
    elif not (PUBLIC_SAFE_THRESHOLD.value if public else 1) <= safe.threshold <= len(safe.owners):
        least = f"{PUBLIC_SAFE_THRESHOLD.value}, on a public network," if public else "1"
        yield Fault(("safe", "threshold"), f"is not between {least} and the {len(safe.owners)} owners", safe.threshold)
    if safe.address and (wrong := wrong_address(safe.address, manifest.chain.kind)):
        yield Fault(("safe", "address"), wrong, safe.address)


def _check_timelock(manifest: AnyManifest) -> Faults:
    timelock, public = manifest.timelock, manifest.chain.public
    wanted = PUBLIC_TIMELOCK_DELAY if public else TIMELOCK_DELAY
    if timelock.delay not in wanted:
        yield Fault(("timelock", "delay"), f"is out of bounds: {wanted.bounds}", timelock.delay)
    yield from _check_names(("timelock", "proposers"), timelock.proposers, manifest, safe=True)
    match manifest:
        case EvmManifest(timelock=evm):
            yield from _check_names(("timelock", "cancellers"), evm.cancellers, manifest, safe=True)
        case SolanaManifest(timelock=solana):
            if solana.address and (wrong := wrong_address(solana.address, manifest.chain.kind)):
                yield Fault(("timelock", "address"), wrong, solana.address)
            if solana.canceller:
                yield from _check_names(("timelock", "canceller"), (solana.canceller,), manifest, safe=True)
            if solana.canceller in timelock.proposers:
                yield Fault(("timelock", "canceller"), "proposes, and is to be somebody else", solana.canceller)
    if SAFE not in timelock.proposers:
        yield Fault(("timelock", "proposers"), "lacks the safe", ", ".join(timelock.proposers))
    for place, name in enumerate(timelock.proposers):
        if public and name != SAFE:
            yield Fault(("timelock", "proposers", place), "only the safe proposes on a public network", name)


def _check_program(manifest: SolanaManifest) -> Faults:
    program = manifest.program
    if wrong := wrong_address(program.address, "solana"):
        yield Fault(("program", "address"), wrong, program.address)
    holder, where = program.upgrade_authority, ("program", "upgrade_authority")
    if holder not in (SAFE, TIMELOCK, *manifest.accounts):
        yield Fault(where, "is no account of this manifest", holder)
    elif manifest.chain.public and holder not in (SAFE, TIMELOCK):
        yield Fault(where, "is neither the safe nor the timelock, and the network is public", holder)


def _check_roles(manifest: Manifest) -> Faults:
    solana = manifest.chain.kind == "solana"
    for role in manifest.known_roles:
        if role not in manifest.roles:
            yield Fault(("roles", role), "is missing: every role has a holder")
    for role, holders in manifest.roles.items():
        where = ("roles", role)
        if role not in manifest.known_roles:
            yield Fault(where, f"is no role that people hold here ({', '.join(manifest.known_roles)})", role)
        yield from _check_names(where, holders, manifest, safe=True)
        if not holders:
            yield Fault(where, "is empty: every role has a holder")
        if solana and len(holders) > 1:
            yield Fault(where, "has more than the one holder that a role has on Solana", ", ".join(holders))
        if solana and role == "GUARDIAN" and set(holders) & set(manifest.role_holders("PAUSER")):
            yield Fault(where, "holds PAUSER, too, and is to be somebody else", holders[0])
        if manifest.chain.public and role in SAFE_ONLY:
            for place, name in enumerate(holders):
                if name != SAFE:
                    yield Fault((*where, place), f"only the safe holds {role} on a public network", name)


def _check_emergency(manifest: EvmManifest) -> Faults:
    """Faults of the accounts that sign what cannot wait: each holds a role, and signs nothing else by itself."""
    yield from _check_names(("emergency",), manifest.emergency, manifest)
    for place, name in enumerate(manifest.emergency):
        where = ("emergency", place)
        held = [role for role in manifest.roles if name in manifest.role_holders(role)]
        if not held and name in manifest.accounts:
            yield Fault(where, "holds no role that could stop anything", name)
        for role in held:
            if role in DAILY and manifest.role_holders(role)[0] == name:
                yield Fault(where, f"is the first holder of {role}, and so signs its daily work, too", name)


def _check_names(where: Where, names: tuple[str, ...], manifest: Manifest, safe: bool = False) -> Faults:
    """Faults of accounts that hold something: each is known, listed once, and not the deployer. `safe`: or the Safe."""
    for place, name in enumerate(names):
        if name == DEPLOYER:
            yield Fault((*where, place), "the deployer holds nothing", name)
        elif name not in manifest.accounts and not (safe and name == SAFE):
            yield Fault((*where, place), "is no account of this manifest", name)
        elif name in names[:place]:
            yield Fault((*where, place), "is listed twice", name)


def _check_apart(manifest: Manifest) -> Faults:
    held: dict[str, str] = {}
    for role in APART:
        for place, name in enumerate(manifest.role_holders(role)):
            if name != SAFE and name in held:
                yield Fault(("roles", role, place), f"holds {held[name]} already: keep what a mint needs apart", name)
            held.setdefault(name, role)
    for name in manifest.providers if isinstance(manifest, SolanaManifest) else ():
        if name in held:
            yield Fault(("providers", name), f"holds {held[name]} already: keep what a mint needs apart", name)
    if isinstance(manifest, SolanaManifest) and (oracle := manifest.sanctions_oracle) in held:
        yield Fault(("sanctions_oracle",), f"holds {held[oracle]} already: keep what a mint needs apart", oracle)
