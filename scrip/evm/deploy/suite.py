"""The suite of contracts, deployed and wired in the one order that works."""

from __future__ import annotations

from scrip.evm.chain import Chain, Contract
from scrip.evm.deploy import design as parts
from scrip.evm.encoding.calldata import concrete
from scrip.evm.labels import ADMIN
from scrip.evm.suite import Suite, suite_of
from scrip.instructions.base import ISSUER, TREASURY
from scrip.labels import MOCK, STABLECOIN
from scrip.plan import Step
from scrip.roles import EVM_ROLES

TIMELOCK_DELAY = 48 * 3600
"""Seconds between a proposal and its execution, in tests and demonstrations."""
NO_KEY = bytes(32)
"""Stands where a step takes a key: no step of a deployment does."""


def deploy_suite(chain: Chain, issuer: str = ISSUER, treasury: str = TREASURY) -> Suite:
    """Deploy everything on a chain of tests or demonstrations.

    The issuer holds every operational role and, until hand_over, the administrator's.
    """
    design = parts.Design(
        delay=TIMELOCK_DELAY,
        proposers=(issuer,),
        holders=dict.fromkeys(EVM_ROLES, (issuer,)),
        treasury=treasury,
        assets={STABLECOIN: MOCK},
    )
    made: dict[str, Contract] = {}
    for kind in (parts.contracts, parts.wiring, parts.roles, parts.allowances):
        for part in kind(design):
            carry_out(chain, part.step, made)
    for part in parts.hand_over(issuer):
        carry_out(chain, part.step, made)
    return suite_of(made)


def carry_out(chain: Chain, step: Step, made: dict[str, Contract]) -> None:
    """Send a step at once and keep no record. What it deploys is entered into `made` and known by its label."""
    args = [concrete(value, chain, NO_KEY) for value in step.args]
    if step.function:
        chain.send(made[step.to], step.function, *args, sender=step.sender)
        return
    if step.blueprint:
        made[step.label] = Contract(step.contract, chain.blueprint(step.contract, sender=step.sender))
    else:
        made[step.label] = chain.deploy(step.contract, *args, sender=step.sender)
    chain.label(step.label, made[step.label])


def hand_over(chain: Chain, suite: Suite, issuer: str = ISSUER) -> None:
    """Give the administrator's role to the timelock and take it from the issuer: from here on it waits its delay."""
    chain.send(suite.roles, "grantRole", ADMIN, suite.timelock.address, sender=issuer)
    chain.send(suite.roles, "renounceRole", ADMIN, chain.address(issuer), sender=issuer)
