"""A lost wallet and its successor: who takes its place, what goes with it, and what is refused in which order."""

from dataclasses import replace

import pytest
from model_world import STOCK, World, units

from scrip.errors import InputError
from scrip.instructions.base import Instruction
from scrip.instructions.enforcement import ForcedTransfer, Freeze, SetFrozenTokens
from scrip.instructions.fleet import Halt, Pause
from scrip.instructions.investors import Block, BlockWallet, LinkWallet, Onboard, Renew, UnblockWallet, UnlinkWallet
from scrip.instructions.recovery import RecoverIn, RecoverWallet
from scrip.instructions.transfers import Approve, Transfer, TransferFrom
from scrip.model.recovery import MAX_CHAIN

RECOVER = RecoverWallet("Alice", "alice", "fresh", 4, "affidavit", (STOCK,))


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (replace(RECOVER, by="mallory"), "roles: not authorised"),
        (replace(RECOVER, investor="Nobody", reason=0), "registry: unknown investor"),
        (replace(RECOVER, reason=0, old="bob"), "registry: reason and document"),
        (replace(RECOVER, document="", old="bob"), "registry: reason and document"),
        (replace(RECOVER, old="bob", new="alice"), "registry: unknown wallet"),
        (replace(RECOVER, new="alice"), "registry: wallet known"),
        (replace(RECOVER, new="bob"), "registry: wallet known"),
        (replace(RECOVER, new=""), "registry: zero address"),
        (replace(RECOVER, stocks=("NONE",)), "registry: not a stock"),
        (replace(RECOVER, stocks=(STOCK, "NONE")), "registry: not a stock"),
        (RecoverIn("alice", (STOCK,)), "registry: no successor"),
    ],
)
def test_what_a_recovery_refuses(funded: World, order: Instruction, name: str) -> None:
    assert funded.refused(order) == name


def test_a_blocked_address_succeeds_nobody(funded: World) -> None:
    funded.do(BlockWallet("fresh", 1, "d"))
    assert funded.refused(replace(RECOVER, stocks=("NONE",))) == "registry: wallet blocked"


@pytest.mark.parametrize(
    "state",
    [
        [Block("Alice", 1, "d")],
        [Freeze(STOCK, "alice", True, 1, "d")],
        [SetFrozenTokens(STOCK, "alice", units(200), 1, "d")],
        [Renew("Alice", 1)],
        [Pause(STOCK)],
        [Halt()],
    ],
    ids=["blocked", "frozen", "partly frozen", "lapsed", "paused", "halted"],
)
def test_it_works_whatever_account_stock_and_fleet_are(funded: World, state: list[Instruction]) -> None:
    funded.do(*state, RECOVER)
    token = funded.ledger.stocks[STOCK].token
    assert funded.ledger.balance(STOCK, "fresh") == units(100)
    assert funded.ledger.balance(STOCK, "alice") == units(0)
    assert token.account("fresh").frozen == (state == [Freeze(STOCK, "alice", True, 1, "d")])
    assert funded.ledger.investors.records["Alice"].wallets == ["fresh"]


def test_the_lost_wallet_is_blocked_for_ever(funded: World) -> None:
    funded.do(RECOVER)
    assert not funded.ledger.may_hold(STOCK, "alice")
    assert funded.refused(UnblockWallet("alice", 1, "d")) == "registry: wallet recovered"
    assert funded.refused(LinkWallet("Alice", "alice")) == "registry: wallet blocked"
    assert funded.refused(Onboard("New", "alice", 276, "retail", 2**39)) == "registry: wallet blocked"
    assert funded.refused(Transfer(STOCK, "bob", "alice", units(1))) == "ERC7943CannotReceive"
    assert funded.refused(ForcedTransfer(STOCK, "bob", "alice", units(1), 1, "d")) == "ERC7943CannotReceive"


def test_the_successor_is_the_investor(funded: World) -> None:
    funded.do(RECOVER, Transfer(STOCK, "fresh", "bob", units(40)))
    funded.do(Block("Alice", 1, "d"))
    assert funded.refused(Transfer(STOCK, "fresh", "bob", units(1))) == "ERC7943CannotSend"


def test_what_was_left_behind_is_fetched_by_anyone_for_the_last_successor(funded: World) -> None:
    funded.do(replace(RECOVER, stocks=()), replace(RECOVER, old="fresh", new="fresher", stocks=()))
    assert funded.ledger.investors.successor_of("alice") == "fresher"
    assert funded.ledger.balance(STOCK, "alice") == units(100)
    assert funded.refused(RecoverIn("alice", ("NONE",))) == "registry: not a stock"
    funded.do(RecoverIn("alice", (STOCK,), by="mallory"))
    assert funded.ledger.balance(STOCK, "fresher") == units(100)
    funded.do(RecoverIn("alice", (STOCK,)))
    assert funded.ledger.balance(STOCK, "fresher") == units(100)


def test_a_successor_that_was_unlinked_is_given_nothing(funded: World) -> None:
    funded.do(replace(RECOVER, stocks=()), UnlinkWallet("Alice", "fresh", 1, "d"))
    assert funded.refused(RecoverIn("alice", (STOCK,))) == "registry: unknown wallet"


def test_a_successor_that_became_anothers_is_given_nothing(funded: World) -> None:
    funded.do(replace(RECOVER, stocks=()), UnlinkWallet("Alice", "fresh", 1, "d"), LinkWallet("Bob", "fresh"))
    assert funded.refused(RecoverIn("alice", (STOCK,))) == "registry: unknown wallet"
    assert funded.ledger.balance(STOCK, "alice") == units(100)
    assert funded.ledger.investors.successor_of("alice") == ""


def test_a_recovered_wallet_spends_nobodys_units(funded: World) -> None:
    funded.do(Approve(STOCK, "bob", "alice", units(5)), replace(RECOVER, stocks=(STOCK,)))
    assert funded.refused(TransferFrom(STOCK, "alice", "bob", "fresh", units(1))) == "ERC7943CannotSend"


def test_a_chain_of_successors_ends(funded: World) -> None:
    last = "alice"
    for number in range(MAX_CHAIN):
        funded.do(replace(RECOVER, old=last, new=f"w{number}", stocks=()))
        last = f"w{number}"
    assert funded.refused(replace(RECOVER, old=last, new="one more")) == "registry: too many recoveries"
    assert funded.ledger.investors.successor_of("alice") == last


def test_a_key_is_used_once(funded: World) -> None:
    funded.do(replace(RECOVER, key="k"))
    assert funded.refused(replace(RECOVER, investor="Nobody", key="k")) == "keys: used"


def test_more_stocks_than_a_transaction_takes_are_an_input_error(funded: World) -> None:
    for order in (replace(RECOVER, stocks=(STOCK,) * 51), RecoverIn("alice", (STOCK,) * 51)):
        with pytest.raises(InputError, match="are more than 50"):
            funded.ledger.apply(order)
