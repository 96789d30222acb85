"""The sanctions oracle: who is kept out on its word, who is blocked by a screening, and whom silence stops."""

from dataclasses import replace

import pytest
from model_world import EXPIRY, STOCK, World, units

from scrip.errors import InputError
from scrip.instructions.base import Instruction
from scrip.instructions.enforcement import ForcedTransfer, Freeze
from scrip.instructions.fleet import CreateStock
from scrip.instructions.investors import Block, LinkWallet, Onboard, UnblockWallet
from scrip.instructions.recovery import RecoverWallet
from scrip.instructions.sanctions import (
    SANCTIONS_ORACLE,
    AnswerSanctions,
    Screen,
    SetSanctionsOracle,
    SuspendSanctionsOracle,
)
from scrip.instructions.transfers import Transfer

OPEN = "OPEN"
CAROL = Onboard("Carol", "carol", 826, "retail", EXPIRY)
RECOVER = RecoverWallet("Alice", "alice", "carol", 1, "d")


@pytest.fixture
def screened(funded: World) -> World:
    """Alice holds 100 of an ALLOWLIST and 50 of a BLOCKLIST stock; there is an oracle, which calls everybody clean."""
    funded.do(
        SetSanctionsOracle(SANCTIONS_ORACLE),
        CreateStock(OPEN, "Open Inc", "US0000000002", "BLOCKLIST"),
    )
    token = funded.ledger.stocks[OPEN].token
    token.supply = token.accounts.setdefault("alice", type(token.account("alice"))()).balance = units(50).value
    return funded


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (Screen(("alice",)), "sanctions: no oracle"),
        (SuspendSanctionsOracle(), "sanctions: no oracle"),
        (SuspendSanctionsOracle(by="mallory"), "roles: not authorised"),
        (SetSanctionsOracle("mallory"), "sanctions: not a contract"),
        (SetSanctionsOracle(SANCTIONS_ORACLE, by="mallory"), "roles: not authorised"),
    ],
)
def test_what_is_refused_without_an_oracle(funded: World, order: Instruction, name: str) -> None:
    assert funded.refused(order) == name


@pytest.mark.parametrize(("answer", "name"), [("listed", "sanctions: listed"), ("none", "sanctions: no answer")])
def test_nobody_enters_the_register_without_its_clean_answer(screened: World, answer: str, name: str) -> None:
    screened.do(AnswerSanctions("carol", answer))
    for order in (CAROL, LinkWallet("Alice", "carol"), RECOVER):
        assert screened.refused(order) == name
    assert screened.refused(replace(CAROL, country=0)) == "registry: bad country"
    screened.do(AnswerSanctions("carol", "clean"), CAROL)


def test_a_stranger_enters_an_open_stock_on_a_clean_answer_only(screened: World) -> None:
    send = Transfer(OPEN, "alice", "mallory", units(1))
    screened.do(AnswerSanctions("mallory", "none"))
    assert screened.refused(send) == "ERC7943CannotReceive"
    assert screened.refused(Transfer(OPEN, "mallory", "alice", units(0))) == "ERC7943CannotSend"
    assert screened.refused(ForcedTransfer(OPEN, "alice", "mallory", units(1), 1, "d")) == "ERC7943CannotReceive"
    screened.do(Freeze(OPEN, "mallory", False, 1, "d"))
    assert screened.refused(send) == "ERC7943CannotReceive"
    screened.do(AnswerSanctions("mallory", "clean"), Transfer(OPEN, "alice", "mallory", units(0)))
    screened.do(AnswerSanctions("mallory", "listed"))
    assert screened.refused(send) == "ERC7943CannotReceive"  # a transfer of nothing enrols nobody
    screened.do(AnswerSanctions("mallory", "clean"), send, AnswerSanctions("mallory", "listed"))
    screened.do(send)  # whom the stock has met waits for a screening


def test_a_screening_blocks_whom_the_oracle_lists(screened: World) -> None:
    screened.do(AnswerSanctions("alice", "listed"), AnswerSanctions("mallory", "listed"))
    screened.do(Screen(("bob", "alice", "mallory", "", "alice"), by="anyone"))
    investors = screened.ledger.investors
    assert investors.records["Alice"].blocked
    assert not investors.records["Bob"].blocked
    assert investors.blocked_strangers == {"mallory"}
    screened.do(Screen(("alice", "mallory")))
    assert screened.refused(Block("Alice", 1, "d")) == "registry: already blocked"
    screened.do(AnswerSanctions("mallory", "clean"), Screen(("mallory",)))
    assert investors.is_blocked("mallory")
    screened.do(UnblockWallet("mallory", 1, "d"))


def test_silence_about_one_does_nothing_about_any(screened: World) -> None:
    screened.do(AnswerSanctions("alice", "listed"), AnswerSanctions("bob", "none"))
    assert screened.refused(Screen(("alice", "bob"))) == "sanctions: no answer"


def test_a_suspended_oracle_blocks_nobody_and_lets_nobody_in(screened: World) -> None:
    screened.do(SuspendSanctionsOracle())
    assert screened.refused(SuspendSanctionsOracle()) == "sanctions: suspended"
    assert screened.refused(Screen(("alice",))) == "sanctions: suspended"
    assert screened.refused(CAROL) == "sanctions: no answer"
    screened.do(SetSanctionsOracle(SANCTIONS_ORACLE), CAROL)


def test_without_an_oracle_everybody_enters(screened: World) -> None:
    screened.do(AnswerSanctions("carol", "listed"), SetSanctionsOracle(""), CAROL)
    assert screened.ledger.may_hold(STOCK, "carol")


def test_more_addresses_than_a_transaction_takes_are_an_input_error(screened: World) -> None:
    with pytest.raises(InputError, match="are more than 50"):
        screened.ledger.apply(Screen(("alice",) * 51))
