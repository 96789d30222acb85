"""The parts of a deployment by which cash dividends are announced and paid: the book, the distributor, their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scrip.evm import outside
from scrip.evm.chain import Chain
from scrip.evm.deploy import design as parts
from scrip.evm.deploy.design import Look, Part, call, deployment, setting
from scrip.evm.dividends import DividendDesign, design_of
from scrip.evm.encoding.values import Transaction
from scrip.evm.handlers.dividends import CONTRACT_BOOK, CONTRACT_DISTRIBUTOR
from scrip.evm.labels import UNLIMITED
from scrip.evm.suite import Suite
from scrip.labels import BOOK, DISTRIBUTOR, STABLECOIN
from scrip.manifest.model import EvmManifest
from scrip.parameters import ESCHEAT
from scrip.plan import Address, Change


def wanted_parts(manifest: EvmManifest, admin: str, assets: tuple[str, ...], treasury: str) -> Iterator[Part]:
    """All parts that a manifest asks for; none where it pays no cash dividends.

    `treasury` is "" where no key here signs for it.
    """
    if (wanted := design_of(manifest)) is None:
        return
    yield from contracts(wanted)
    yield from settings(wanted, admin)
    for name in wanted.roles:
        yield parts.grant(name, DISTRIBUTOR, admin)
    if treasury:
        yield from allowances(treasury, assets)


def contracts(wanted: DividendDesign) -> Iterator[Part]:
    """The parts that deploy the book and the distributor."""
    yield deployment(BOOK, CONTRACT_BOOK, Address("roles"), Address("actions"))
    counterparts = (Address("roles"), Address("registry"), Address(BOOK))
    yield deployment(DISTRIBUTOR, CONTRACT_DISTRIBUTOR, *counterparts, Address(wanted.treasury), Address(wanted.tax))


def settings(wanted: DividendDesign, admin: str) -> Iterator[Part]:
    """The parts that name them to each other, and what the manifest says of them. ADMIN signs."""
    one = Transaction(admin, "actions", "CorporateActions", "setBook", (Address(BOOK),))
    yield setting("actions-book", "the book shuts mints", one, "book", (), Address(BOOK))
    one = Transaction(admin, BOOK, CONTRACT_BOOK, "setDistributor", (Address(DISTRIBUTOR),))
    title = "the distributor pays what the book announces"
    yield setting("book-distributor", title, one, "distributor", (), Address(DISTRIBUTOR))
    one = Transaction(admin, BOOK, CONTRACT_BOOK, "setEscheat", (wanted.escheat,))
    title = f"dividends can be fetched for {wanted.escheat} s"
    part = setting(f"escheat-{wanted.escheat}", title, one, "escheat", (), wanted.escheat, "escheat, s")
    yield _born_so(part, wanted)
    accounts = (Address(wanted.treasury), Address(wanted.tax))
    one = Transaction(admin, DISTRIBUTOR, CONTRACT_DISTRIBUTOR, "setAccounts", accounts)
    title = f"what is swept is {wanted.treasury}'s, what is withheld {wanted.tax}'s"

    def found(look: Look) -> tuple[object, object]:
        return look.ask(DISTRIBUTOR, "treasury"), look.ask(DISTRIBUTOR, "tax")

    def stands(look: Look) -> bool:
        right = (look.address(wanted.treasury), look.address(wanted.tax))
        return not look.deployed(DISTRIBUTOR) or found(look) == right

    def change(look: Look) -> Change:
        before = " and ".join(parts.shown(one, look) for one in found(look))
        return Change("who receives what is swept and withheld", before, f"{wanted.treasury} and {wanted.tax}")

    yield Part(call(f"dividend-accounts-{wanted.treasury}-{wanted.tax}", title, one), stands, change)


def _born_so(part: Part, wanted: DividendDesign) -> Part:
    """A part that needs no step where the book is born as it wants it."""
    if wanted.escheat != ESCHEAT.default:
        return part
    return replace(part, stands=lambda look: not look.deployed(BOOK) or part.stands(look))


def allowances(treasury: str, assets: tuple[str, ...]) -> Iterator[Part]:
    """The parts by which the treasury lets the distributor bring in what it funds and remits."""
    for label in assets:
        one = Transaction(treasury, label, outside.STABLECOIN, "approve", (Address(DISTRIBUTOR), UNLIMITED))
        title = f"{treasury} lets the distributor be funded in {label}"

        def allowed(look: Look, label: str = label) -> bool:
            found = look.ask(label, "allowance", Address(treasury), Address(DISTRIBUTOR))
            return isinstance(found, int) and found > UNLIMITED // 2

        name = f"approve-{DISTRIBUTOR}-{label}"
        yield Part(call(name, title, one), allowed, parts.fixed(Change(title, "no", "without limit")))


def open_distributor(chain: Chain, suite: Suite, wanted: DividendDesign, admin: str) -> Suite:
    """Deploy and wire both on a chain of tests or demonstrations; the suite with them.

    Nothing is recorded. `admin` still administers, and deploys; `wanted.treasury` pays in the first stablecoin.
    """
    from scrip.evm.deploy.suite import carry_out

    made = {"roles": suite.roles, "registry": suite.registry, "actions": suite.actions, STABLECOIN: suite.stablecoin}
    wiring = [part for part in settings(wanted, admin) if not part.step.name.startswith("dividend-accounts")]
    roles = [parts.grant(name, DISTRIBUTOR, admin) for name in wanted.roles]
    for part in (*contracts(wanted), *wiring, *roles, *allowances(wanted.treasury, (STABLECOIN,))):
        carry_out(chain, replace(part.step, sender=part.step.sender if part.step.function else admin), made)
    return replace(suite, book=made[BOOK], distributor=made[DISTRIBUTOR])
