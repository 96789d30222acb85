"""What a deployment is made of, in the one order that works: contracts, wiring, settings, roles, hand-over.

Each part is a step and the question whether it stands already, so that a plan made on a half-deployed chain is the
rest. Every contract asks Roles from its birth, and the deployer alone administers Roles until the last two steps; so
wherever a deployment is interrupted, nothing is open to anybody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from scrip import parameters
from scrip.evm import mocks, outside
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import Transaction
from scrip.evm.labels import CANCELLER, UNLIMITED, role
from scrip.instructions.base import Instruction
from scrip.instructions.sanctions import SANCTIONS_ORACLE, SetSanctionsOracle
from scrip.labels import (
    BLUEPRINT,
    DEPLOYER,
    EXTENSIONS,
    IMPLEMENTATIONS,
    MOCK,
    MODES,
    REGISTRY_EXTENSION,
    TIMELOCK,
    asset_label,
)
from scrip.manifest.model import EvmManifest, EvmStock
from scrip.plan import Address, Change, Step

NOTICES = tuple(one.name for one in parameters.NOTICES)
"""The manifest's names of the notices, in the order of their numbers on the chain."""
BORN = {one.name: one.default for one in parameters.ACTION_SETTINGS}
"""What CorporateActions is born with.

There is nothing to set, before it stands as after: else a run that was interrupted would end with fewer transactions
than another, and so with other addresses.
"""


class Look(Protocol):
    """What stands on the chain, as the parts of a deployment ask about it."""

    def now(self) -> int:
        """The chain's clock, UTC seconds."""

    def deployed(self, label: str) -> bool:
        """Whether the label's contract is on the chain."""

    def ask(self, label: str, view: str, *args: object) -> object:
        """A view's answer; None where the contract, or one that an argument names, is not on the chain."""

    def token(self, stock: EvmStock) -> str:
        """The address of a stock's token; the zero address where there is none."""

    def address(self, name: str) -> str:
        """The address of an account or contract; "" where it is not on the chain."""

    def name(self, address: str) -> str:
        """The name of an address, or the address."""


@dataclass(frozen=True, slots=True)
class Part:
    """A step, whether what it does stands already, and the difference that it makes, for people."""

    step: Step
    stands: Callable[[Look], bool]
    change: Callable[[Look], Change]


@dataclass(frozen=True, slots=True)
class Design:
    """What is to stand. Accounts are names, assets labels of stablecoins, each an address or "mock".

    `policy` are settings of CorporateActions by the manifest's names. `admin` is who holds ADMIN while the parts are
    made: the deployer, or the timelock where it was handed over. `sanctions` is whom the registry asks: "mock", an
    address, or "" for nobody.
    """

    delay: int
    proposers: tuple[str, ...]
    holders: Mapping[str, tuple[str, ...]]
    treasury: str
    assets: Mapping[str, str]
    cancellers: tuple[str, ...] = ()
    policy: Mapping[str, int] = field(default_factory=dict)
    admin: str = DEPLOYER
    sanctions: str = ""

    @classmethod
    def of(cls, manifest: EvmManifest, admin: str) -> Design:
        """The design of a deployment that a manifest describes."""
        assets = enumerate(manifest.settlement.assets.items())
        return cls(
            delay=manifest.timelock.delay,
            proposers=manifest.timelock.proposers,
            cancellers=manifest.timelock.cancellers,
            holders=manifest.roles,
            treasury=manifest.settlement.treasury,
            assets={asset_label(place, symbol): at for place, (symbol, at) in assets},
            policy={name: getattr(manifest.corporate_actions, name) for name in BORN},
            admin=admin,
            sanctions=manifest.sanctions_oracle,
        )

    @property
    def late_cancellers(self) -> tuple[str, ...]:
        """Cancellers that are no proposers: the timelock's constructor does not know them."""
        return tuple(name for name in self.cancellers if name not in self.proposers)


def stood(label: str) -> Callable[[Look], bool]:
    """Whether a contract is on the chain, as a part asks it."""
    return lambda look: look.deployed(label)


def fixed(change: Change) -> Callable[[Look], Change]:
    """A difference that is the same whatever stands, as a part tells it."""
    return lambda _: change


# --- kinds of parts --------------------------------------------------------------------------------------------------


def deployment(label: str, contract: str, *args: object, blueprint: bool = False) -> Part:
    """A part that deploys a contract by the deployer, known by its label from then on."""
    title = f"deploy {'the blueprint of ' if blueprint else ''}{contract} as {label}"
    step = Step(f"deploy-{label}", title, DEPLOYER, contract, args=args, label=label, blueprint=blueprint)
    return Part(step, stood(label), fixed(Change(label, "none", f"a new {contract}")))


def setting(
    name: str, title: str, one: Transaction, view: str, asked: tuple[object, ...], wanted: object, what: str = ""
) -> Part:
    """A part that makes a view of a contract answer `wanted`, which may be an Address.

    `what` is what people call the view's answer; the title by default.
    """

    def stands(look: Look) -> bool:
        expected = look.address(wanted.name) if isinstance(wanted, Address) else wanted
        return expected != "" and look.ask(one.to, view, *asked) == expected

    def change(look: Look) -> Change:
        return Change(what or title, shown(look.ask(one.to, view, *asked), look), shown(wanted, look))

    return Part(call(name, title, one), stands, change)


def shown(value: object, look: Look) -> str:
    """A view's answer for people: yes and no, an account's name, a number."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case Address(name):
            return name
        case str():
            return "none" if value == ZERO_ADDRESS else look.name(value)
    return str(value)


def call(name: str, title: str, one: Transaction, *instructions: Instruction, label: str = "") -> Step:
    """The step that sends a transaction."""
    return Step(name, title, one.sender, one.contract, one.function, one.args, one.to, label, instructions=instructions)


def grant(role_name: str, account: str, sender: str, to: str = "roles", contract: str = "Roles") -> Part:
    """A part that gives a role of Roles, or of the timelock's own, to an account; ADMIN too."""
    identity = role(role_name)
    one = Transaction(sender, to, contract, "grantRole", (identity, Address(account)))
    what, title = f"{account} holds {role_name}", f"grant {role_name} to {account}"
    return setting(f"grant-{role_name}-{account}", title, one, "hasRole", (identity, Address(account)), True, what)


def revoke(role_name: str, account: str, sender: str, to: str = "roles", contract: str = "Roles") -> Part:
    """A part that takes a role of Roles, or of the timelock's own, from an account."""
    identity = role(role_name)
    one = Transaction(sender, to, contract, "revokeRole", (identity, Address(account)))
    what, title = f"{account} holds {role_name}", f"revoke {role_name} from {account}"
    return setting(f"revoke-{role_name}-{account}", title, one, "hasRole", (identity, Address(account)), False, what)


def renounce(role_name: str, account: str, to: str = "roles", contract: str = "Roles") -> Part:
    """A part by which a holder gives its role back."""
    identity = role(role_name)
    one = Transaction(account, to, contract, "renounceRole", (identity, Address(account)))
    where = "" if to == "roles" else f" of the {to}"
    what, title = f"{account} holds {role_name}{where}", f"{account} renounces {role_name}{where}"
    name = f"renounce-{role_name}-{account}-{to}"
    return setting(name, title, one, "hasRole", (identity, Address(account)), False, what)


# --- the parts -------------------------------------------------------------------------------------------------------


def contracts(design: Design) -> Iterator[Part]:
    """The parts that deploy every contract, each after those that its constructor asks for."""
    for label, kind in design.assets.items():
        if kind == MOCK:
            yield deployment(label, mocks.STABLECOIN)
    yield deployment("roles", "Roles")
    # Anyone may execute what is ripe; the timelock administers itself, but for the naming of cancellers.
    first_admin = Address(DEPLOYER) if design.late_cancellers else ZERO_ADDRESS
    proposers = [Address(name) for name in design.proposers]
    yield deployment(TIMELOCK, "Timelock", design.delay, proposers, [ZERO_ADDRESS], first_admin)
    if design.late_cancellers:
        yield from _cancellers(design)
    yield deployment(REGISTRY_EXTENSION, "RegistryExtension", Address("roles"))
    yield deployment("registry", "ComplianceRegistry", Address("roles"), Address(REGISTRY_EXTENSION))
    yield deployment("feed", "ReserveFeed", Address("roles"))
    yield deployment("actions", "CorporateActions", Address("roles"), Address("registry"), Address("feed"))
    parts = (Address("roles"), Address("registry"), Address("actions"), Address("feed"))
    for mode in range(len(MODES)):
        yield deployment(EXTENSIONS[mode], "StockExtension", mode, *parts)
        yield deployment(IMPLEMENTATIONS[mode], "StockToken", mode, *parts, Address(EXTENSIONS[mode]))
    implementations = (Address(label) for label in IMPLEMENTATIONS)
    yield deployment("beacon", "StockBeacon", Address("roles"), Address("registry"), *implementations)
    yield deployment(BLUEPRINT, "StockProxy", blueprint=True)
    yield deployment("factory", "StockFactory", Address("roles"), Address("registry"), Address(BLUEPRINT))
    yield deployment("market", "PrimaryMarket", Address("roles"), Address("registry"), Address(design.treasury))


def _cancellers(design: Design) -> Iterator[Part]:
    for name in design.late_cancellers:
        args = (CANCELLER, Address(name))
        one = Transaction(DEPLOYER, TIMELOCK, "Timelock", "grantRole", args)
        title = f"let {name} cancel what waits in the timelock"
        yield setting(f"canceller-{name}", title, one, "hasRole", args, True)
    yield renounce("ADMIN", DEPLOYER, TIMELOCK, "Timelock")


def wiring(design: Design) -> Iterator[Part]:
    """The parts that set what a constructor could not know: pointers, the market's assets, the contracts' roles."""
    admin = design.admin
    one = Transaction(admin, "feed", "ReserveFeed", "setActions", (Address("actions"),))
    yield setting("feed-actions", "the feed follows the corporate actions", one, "actions", (), Address("actions"))
    one = Transaction(admin, "registry", "ComplianceRegistry", "setBeacon", (Address("beacon"),))
    yield setting("registry-beacon", "the registry knows the beacon", one, "beacon", (), Address("beacon"))
    yield from assets(design)
    if design.sanctions:
        yield from sanctions(design)
    yield grant("FACTORY", "factory", admin)
    yield grant("MINTER", "market", admin)


def sanctions(design: Design) -> Iterator[Part]:
    """The parts that name the sanctions oracle which the registry asks. One that is suspended is named again."""
    if design.sanctions == MOCK:
        yield deployment(SANCTIONS_ORACLE, mocks.SANCTIONS_ORACLE)
    wanted = SANCTIONS_ORACLE if design.sanctions == MOCK else design.sanctions.lower()
    order = SetSanctionsOracle(wanted, by=design.admin)
    one = Transaction(design.admin, "registry", "ComplianceRegistry", "setSanctionsOracle", (Address(wanted),))
    title = f"the registry asks the sanctions oracle {design.sanctions}" if wanted else "the registry asks no oracle"

    def stands(look: Look) -> bool:
        found = look.ask("registry", "sanctionsOracle") or (ZERO_ADDRESS, False)
        return found == (look.address(wanted) if wanted else ZERO_ADDRESS, False)

    def change(look: Look) -> Change:
        found = look.ask("registry", "sanctionsOracle")
        address, suspended = found if isinstance(found, tuple) else (None, False)
        before = shown(address, look) + (", suspended" if suspended else "")
        return Change("sanctions oracle", before, design.sanctions or "none")

    yield Part(call(f"sanctions-{design.sanctions or 'none'}", title, one, order), stands, change)


def assets(design: Design) -> Iterator[Part]:
    """The parts that deploy or list the stablecoins that settle quotes."""
    for label in design.assets:
        one = Transaction(design.admin, "market", "PrimaryMarket", "listAsset", (Address(label), True))
        yield setting(f"list-{label}", f"{label} settles quotes", one, "assetListed", (Address(label),), True)


def policy(design: Design) -> Iterator[Part]:
    """The parts that set notices, grace and withholding of corporate actions."""
    for name, wanted in design.policy.items():
        function, view, asked = _policy_of(name)
        one = Transaction(design.admin, "actions", "CorporateActions", function, (*asked, wanted))
        unit = "bps" if name == "withholding_bps" else "s"
        part = setting(f"{name}-{wanted}", f"{name} of {wanted} {unit}", one, view, asked, wanted, f"{name}, {unit}")
        yield _born_so(part) if BORN[name] == wanted else part


def _born_so(part: Part) -> Part:
    """A part that needs no step: it stands as soon as CorporateActions does."""
    return replace(part, stands=lambda look: not look.deployed("actions") or part.stands(look))


def treasury(design: Design) -> Iterator[Part]:
    """The parts that say who receives and pays settlement."""
    wanted = Address(design.treasury)
    one = Transaction(design.admin, "market", "PrimaryMarket", "setTreasury", (wanted,))
    yield setting(
        f"treasury-{design.treasury}", f"settlement is {design.treasury}'s", one, "treasury", (), wanted, "treasury"
    )


def timelock(design: Design) -> Iterator[Part]:
    """The parts that set the timelock's delay, and who proposes and cancels; it changes itself alone."""
    one = Transaction(TIMELOCK, TIMELOCK, "Timelock", "update_delay", (design.delay,))
    title = f"a delay of {design.delay} s in the timelock"
    yield setting(f"delay-{design.delay}", title, one, "get_minimum_delay", (), design.delay, "timelock delay, s")
    for name in design.proposers:
        yield grant("PROPOSER_ROLE", name, TIMELOCK, TIMELOCK, "Timelock")
    for name in (*design.proposers, *design.late_cancellers):
        yield grant("CANCELLER_ROLE", name, TIMELOCK, TIMELOCK, "Timelock")


def _policy_of(name: str) -> tuple[str, str, tuple[object, ...]]:
    """The setter of a setting, the view that answers it, and the arguments of both."""
    if name in NOTICES:
        return "setNotice", "noticeOf", (NOTICES.index(name),)
    return {"grace": ("setGrace", "grace", ()), "withholding_bps": ("setWithholding", "withholdingBps", ())}[name]


def roles(design: Design) -> Iterator[Part]:
    """The parts that give people their roles."""
    for name, accounts in design.holders.items():
        for account in accounts:
            yield grant(name, account, design.admin)


def allowances(design: Design) -> Iterator[Part]:
    """The parts by which the treasury lets the market pay redemptions."""
    for label in design.assets:
        one = Transaction(design.treasury, label, outside.STABLECOIN, "approve", (Address("market"), UNLIMITED))
        title = f"{design.treasury} lets the market pay in {label}"
        change = Change(title, "no", "without limit")
        yield Part(
            call(f"approve-{label}", title, one),
            partial(_allowed, label=label, treasury=design.treasury),
            fixed(change),
        )


def _allowed(look: Look, label: str, treasury: str) -> bool:
    allowed = look.ask(label, "allowance", Address(treasury), Address("market"))
    # A treasury that pays keeps most of an unlimited allowance, however its stablecoin counts.
    return isinstance(allowed, int) and allowed > UNLIMITED // 2


def hand_over(admin: str) -> Iterator[Part]:
    """The parts that give administration to `admin` and leave the deployer nothing.

    After the second step only `admin` gives roles.
    """
    yield grant("ADMIN", admin, DEPLOYER)
    yield renounce("ADMIN", DEPLOYER)
