"""The part of a deployment by which holders answer offers with units: the escrow, and what says what an offer is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scrip.errors import InputError
from scrip.evm import outside
from scrip.evm.chain import Chain
from scrip.evm.deploy import design as parts
from scrip.evm.deploy.design import Look, Part, call, deployment
from scrip.evm.encoding.values import Transaction
from scrip.evm.handlers.offers import CONTRACT_OFFER_TERMS, CONTRACT_OFFERS, ROLES
from scrip.evm.labels import UNLIMITED, role
from scrip.evm.suite import Suite
from scrip.labels import BOOK, OFFER_TERMS, OFFERS
from scrip.manifest.model import EvmManifest
from scrip.plan import Address, Change


def wanted_parts(manifest: EvmManifest, admin: str, assets: tuple[str, ...], treasury: str) -> Iterator[Part]:
    """All parts that a manifest asks for; none where nobody tenders. It stands on the book of its cash dividends.

    `treasury` is "" where no key here signs for it.
    """
    if manifest.offers is None:
        return
    yield deployment(OFFER_TERMS, CONTRACT_OFFER_TERMS, Address("roles"), Address(BOOK))
    yield deployment(OFFERS, CONTRACT_OFFERS, Address("roles"), Address("registry"), Address(OFFER_TERMS))
    for name in ROLES:
        yield parts.grant(name, OFFERS, admin)
    for label in assets if treasury else ():
        one = Transaction(treasury, label, outside.STABLECOIN, "approve", (Address(OFFERS), UNLIMITED))
        title = f"{treasury} lets offers be funded in {label}"

        def allowed(look: Look, label: str = label) -> bool:
            found = look.ask(label, "allowance", Address(treasury), Address(OFFERS))
            return isinstance(found, int) and found > UNLIMITED // 2

        change = parts.fixed(Change(title, "no", "without limit"))
        yield Part(call(f"approve-{OFFERS}-{label}", title, one), allowed, change)


def open_escrow(chain: Chain, suite: Suite, admin: str) -> Suite:
    """Deploy the escrow on the book of a chain of tests or demonstrations, where `admin` still administers; the suite
    with it. Nothing is recorded."""
    if suite.book is None:
        raise InputError("is missing: offers are announced in the book", field=BOOK)
    terms = chain.deploy(CONTRACT_OFFER_TERMS, suite.roles.address, suite.book.address, sender=admin)
    counterparts = (suite.roles.address, suite.registry.address, terms.address)
    escrow = chain.deploy(CONTRACT_OFFERS, *counterparts, sender=admin)
    for name in ROLES:
        chain.send(suite.roles, "grantRole", role(name), escrow.address, sender=admin)
    chain.label(OFFERS, escrow)
    return replace(suite, offers=escrow)
