"""The part of a deployment by which stocks end: the WindUp, on the book that announces what ends them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scrip.errors import InputError
from scrip.evm import outside
from scrip.evm.chain import Chain
from scrip.evm.deploy import design as parts
from scrip.evm.deploy.design import Look, Part, call, deployment, grant, setting
from scrip.evm.encoding.values import Transaction
from scrip.evm.handlers.wind_up import CONTRACT_WIND_UP
from scrip.evm.labels import UNLIMITED, VAULT
from scrip.evm.suite import Suite
from scrip.labels import BOOK, STABLECOIN, WIND_UP
from scrip.manifest.model import EvmManifest
from scrip.plan import Address, Change


def wanted_parts(manifest: EvmManifest, admin: str, assets: tuple[str, ...], treasury: str) -> Iterator[Part]:
    """All parts that a manifest asks for; none where no stock can end.

    `treasury` is "" where no key here signs for it.
    """
    if (wanted := manifest.wind_up) is None:
        return
    escheat = Address(wanted.escheat_account)
    yield from contracts(wanted.escheat_account)
    yield grant(VAULT, WIND_UP, admin)
    one = Transaction(admin, WIND_UP, CONTRACT_WIND_UP, "setEscheatAccount", (escheat,))
    title = f"what nobody fetches at a stock's end is {wanted.escheat_account}'s"
    part = setting(f"escheat-account-{wanted.escheat_account}", title, one, "escheatAccount", (), escheat)
    yield Part(part.step, lambda look: not look.deployed(WIND_UP) or part.stands(look), part.change)
    if treasury:
        yield from allowances(treasury, assets)


def contracts(escheat: str) -> Iterator[Part]:
    """The part that deploys it."""
    counterparts = (Address("roles"), Address("registry"), Address(BOOK))
    yield deployment(WIND_UP, CONTRACT_WIND_UP, *counterparts, Address(escheat))


def allowances(treasury: str, assets: tuple[str, ...], to: str = WIND_UP, what: str = "the wind-up") -> Iterator[Part]:
    """The parts by which the treasury lets the contract `to` bring in what it funds."""
    for label in assets:
        one = Transaction(treasury, label, outside.STABLECOIN, "approve", (Address(to), UNLIMITED))
        title = f"{treasury} lets {what} be funded in {label}"

        def allowed(look: Look, label: str = label) -> bool:
            found = look.ask(label, "allowance", Address(treasury), Address(to))
            return isinstance(found, int) and found > UNLIMITED // 2

        yield Part(
            call(f"approve-{to}-{label}", title, one), allowed, parts.fixed(Change(title, "no", "without limit"))
        )


def open_wind_up(chain: Chain, suite: Suite, escheat: str, admin: str, treasury: str) -> Suite:
    """Deploy it on a chain of tests or demonstrations, with its role; the suite with it.

    Nothing is recorded. `admin` still administers, and deploys; the treasury lets it fund ends in the first stablecoin.
    """
    from scrip.evm.deploy.suite import carry_out

    book = suite.book
    if book is None:
        raise InputError("is not deployed: ends are announced in it", field="dividends")
    made = {"roles": suite.roles, "registry": suite.registry, BOOK: book, STABLECOIN: suite.stablecoin}
    parts_of = (*contracts(escheat), grant(VAULT, WIND_UP, admin), *allowances(treasury, (STABLECOIN,)))
    for part in parts_of:
        carry_out(chain, replace(part.step, sender=part.step.sender if part.step.function else admin), made)
    return replace(suite, wind_up=made[WIND_UP])
