"""The part of a deployment by which countries are left: the RegionExit, on the registry that knows who is of which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scrip.evm.chain import Chain
from scrip.evm.deploy.design import Part, deployment, grant, setting
from scrip.evm.deploy.wind_up import allowances
from scrip.evm.encoding.values import Transaction
from scrip.evm.handlers.region_exit import CONTRACT_REGION_EXIT
from scrip.evm.labels import VAULT
from scrip.evm.suite import Suite
from scrip.labels import REGION_EXIT, STABLECOIN
from scrip.manifest.model import EvmManifest
from scrip.plan import Address


def wanted_parts(manifest: EvmManifest, admin: str, treasury: str) -> Iterator[Part]:
    """All parts that a manifest asks for; none where no country can be left.

    `treasury` is "" where no key here signs for it.
    """
    if (wanted := manifest.region_exit) is None:
        return
    escheat = Address(wanted.escheat_account)
    yield from contracts(wanted.escheat_account)
    yield grant(VAULT, REGION_EXIT, admin)
    one = Transaction(admin, REGION_EXIT, CONTRACT_REGION_EXIT, "setEscheatAccount", (escheat,))
    title = f"what nobody fetches of an exit from a country is {wanted.escheat_account}'s"
    part = setting(f"exit-escheat-account-{wanted.escheat_account}", title, one, "escheatAccount", (), escheat)
    yield Part(part.step, lambda look: not look.deployed(REGION_EXIT) or part.stands(look), part.change)
    if treasury:
        yield from allowances(treasury, (STABLECOIN,), REGION_EXIT, "exits from countries")


def contracts(escheat: str) -> Iterator[Part]:
    """The part that deploys it."""
    yield deployment(REGION_EXIT, CONTRACT_REGION_EXIT, Address("roles"), Address("registry"), Address(escheat))


def open_region_exit(chain: Chain, suite: Suite, escheat: str, admin: str, treasury: str) -> Suite:
    """Deploy it on a chain of tests or demonstrations, with its role; the suite with it.

    Nothing is recorded. `admin` still administers, and deploys; the treasury lets it fund exits in the first coin.
    """
    from scrip.evm.deploy.suite import carry_out

    made = {"roles": suite.roles, "registry": suite.registry, STABLECOIN: suite.stablecoin}
    paid = allowances(treasury, (STABLECOIN,), REGION_EXIT, "exits from countries")
    for part in (*contracts(escheat), grant(VAULT, REGION_EXIT, admin), *paid):
        carry_out(chain, replace(part.step, sender=part.step.sender if part.step.function else admin), made)
    return replace(suite, region_exit=made[REGION_EXIT])
