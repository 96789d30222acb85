"""Where roles are held apart, each instruction asks for its own, as the contracts do."""

from __future__ import annotations

import pytest
from model_world import START

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.ledger import EVM
from scrip.model.ledger import ModelLedger
from scrip.model.state import ModelConfig
from scrip.roles import ADMIN, EVM_ROLES
from scrip.units import RawUnits, Shares, Stablecoin


def apart() -> ModelLedger:
    """Each role is held by an account of its name, in lower case."""
    holders = {role: frozenset({role.lower()}) for role in (*EVM_ROLES, ADMIN)}
    ledger = ModelLedger(EVM, START, ModelConfig(holders=holders))
    ledger.apply(ins.CreateStock("ACME", "Acme Inc", "US0000000001", by="issuer"))
    return ledger


@pytest.mark.parametrize(
    ("order", "holder"),
    [
        (ins.Halt(by="guardian"), "guardian"),
        (ins.Pause("ACME", by="pauser"), "pauser"),
        (ins.ConfigureReserve("ACME", 60, 0, Shares.of(1), by="admin"), "admin"),
        (ins.Freeze("ACME", "alice", True, 1, "d", by="enforcer"), "enforcer"),
        (ins.Onboard("a", "alice", 276, "retail", START + 60, by="compliance"), "compliance"),
    ],
)
def test_only_the_holder_of_the_role_may(order: ins.RoleInstruction, holder: str) -> None:
    assert ins.role_needed(order).lower() == holder
    ledger = apart()
    for other in {role.lower() for role in EVM_ROLES} - {holder}:
        with pytest.raises(Refusal, match="roles: not authorised"):
            ledger.apply(type(order)(**{**vars(order), "by": other}))
    ledger.apply(order)


def test_only_quote_signers_sign_quotes() -> None:
    ledger = apart()

    def mint(signer: str) -> ins.Mint:
        terms = ins.QuoteTerms("q", START + 60, 0, signer=signer)
        return ins.Mint("ACME", "alice", RawUnits(1, 18), Stablecoin(0), terms)

    with pytest.raises(Refusal, match="market: not a quote signer"):
        ledger.apply(mint("issuer"))
    with pytest.raises(Refusal, match="ERC7943CannotReceive"):
        ledger.apply(mint("quote_signer"))


def test_an_instruction_without_a_role_is_told_apart() -> None:
    with pytest.raises(TypeError, match="no role is known for it"):
        ins.role_needed(ins.RoleInstruction())
