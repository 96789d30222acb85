"""A model that is read from the cluster, at any point of a story, is the model that lived through it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from machine import states
from solana_world import DAY, ISIN, LATER, START, STOCK, World, coins, shares, units
from support.days import ex_of

from scrip import instructions as ins
from scrip.errors import InputError, Refusal
from scrip.instructions.base import Instruction
from scrip.instructions.market import QuoteTerms
from scrip.instructions.subjects import OTHERS, Subjects
from scrip.ledger import SOLANA
from scrip.model import ModelLedger
from scrip.preview import differences, facts
from scrip.solana.addresses import local_address
from scrip.solana.state.snapshot import load_model
from scrip.units import WAD

PEOPLE = ("alice", "bob", "carol", "dave", "issuer")
LONG = "a reference of more than thirty-two bytes, of which the chain keeps a hash"
SUBJECTS = Subjects(
    stocks=frozenset({STOCK, "UNKNOWN"}),
    accounts=frozenset({*PEOPLE, "custodian", ""}),
    investors=frozenset({"alice", "bob", "carol", "nobody"}),
    references=frozenset({"split-1", "split-2", "dividend-1", "dividend-2", LONG}),
    quotes=frozenset({"quote 1", "quote 2", "never used"}),
)


def quote(number: int, generation: int = 0) -> QuoteTerms:
    return QuoteTerms(f"quote {number}", START + 900 * DAY, generation)


def announce(code: str, reference: str, at: int, **terms: int) -> ins.Announce:
    return ins.Announce(STOCK, code, reference, ex_of(at), at, **terms)


def story() -> Iterator[Instruction | int]:
    """An issuer's first months; an int is a second that the clock comes to."""
    yield ins.CreateStock(STOCK, "Microsoft", ISIN)
    yield ins.Onboard("alice", "alice", 840, "retail", LATER)
    yield ins.Onboard("bob", "bob", 276, "professional", START + 30 * DAY)
    yield ins.LinkWallet("alice", "carol")
    yield ins.ConfigureReserve(STOCK, 30 * DAY, 50, shares(1_000_000))
    yield ins.AttestReserve(STOCK, shares(1_000))
    yield ins.FundStablecoin("alice", coins(1_000))
    yield ins.Mint(STOCK, "alice", units(100), coins(100), quote(1))
    yield ins.Transfer(STOCK, "alice", "bob", units(40))
    yield ins.Freeze(STOCK, "bob", True, 4, "court order")
    yield announce("SPLF", "split-1", START + 3 * DAY, num=3, den=2)
    yield announce("DRIP", "dividend-1", START + 3 * DAY, gross=WAD, pay=START + 9 * DAY)
    yield announce("DRIP", LONG, START + 5 * DAY, gross=WAD, pay=START + 9 * DAY)
    yield ins.Schedule(STOCK, "SPLF", "split-1")
    yield ins.Schedule(STOCK, "DRIP", "dividend-1", 30 * WAD)
    yield START + 3 * DAY
    yield ins.Cancel(STOCK, "DRIP", LONG, 7, "a mistake")
    yield START + 4 * DAY
    yield ins.AttestReserve(STOCK, shares(1_500))
    yield ins.ConfirmBasis(STOCK)
    yield ins.Redeem(STOCK, "alice", units(10), coins(15), quote(2, 1))
    yield announce("SPLR", "split-2", START + 9 * DAY, num=1, den=3)
    yield ins.Schedule(STOCK, "SPLR", "split-2")
    yield START + 8 * DAY
    yield ins.Cancel(STOCK, "SPLR", "split-2", 7, "a mistake")
    yield announce("DRIP", "dividend-2", START + 12 * DAY, gross=2 * WAD, pay=START + 12 * DAY)
    yield ins.Schedule(STOCK, "DRIP", "dividend-2", 40 * WAD)
    yield START + 20 * DAY
    yield ins.Block("alice", 3, "court order")
    yield ins.Freeze(STOCK, "bob", False, 4, "court order lifted")
    yield ins.Renew("bob", LATER)
    yield ins.Unblock("alice", 3, "court order lifted")
    yield ins.UnlinkWallet("alice", "carol", 5, "order")
    yield ins.SetCeiling(STOCK, shares(500))
    yield ins.PauseMarket()
    yield ins.Pause(STOCK)


class Twins:
    """A cluster and the model that lives through the same story."""

    def __init__(self) -> None:
        self.world = World()
        self.model = ModelLedger(SOLANA, START)

    def take(self, entry: Instruction | int) -> None:
        for ledger in (self.world.ledger, self.model):
            if isinstance(entry, int):
                ledger.advance_to(entry)
            else:
                ledger.apply(entry)

    def read(self) -> ModelLedger:
        return load_model(self.world.ledger, SUBJECTS)


def asked_about(model: ModelLedger) -> dict[str, str]:
    """The facts of a model about the subjects, whether it keeps an empty record of somebody or not."""
    copy = model.copy()
    for stock in copy.stocks.values():
        stock.token.accounts.pop(OTHERS, None)
        for name in (*PEOPLE, "custodian"):
            stock.token.accounts.setdefault(name, replace(stock.token.account(name)))
    for name in (*PEOPLE, "custodian", "treasury"):
        copy.market.coins.setdefault(name, 0)
    return facts(copy)


def test_it_is_the_one_that_lived_through_it() -> None:
    twins = Twins()
    for entry in story():
        twins.take(entry)
        read = twins.read()
        assert list(differences(asked_about(twins.model), asked_about(read))) == [], entry
        states.compare(twins.model, states.read(twins.world.ledger, SUBJECTS), SUBJECTS, "solana")


def test_it_goes_on_as_the_one_that_lived_through_it() -> None:
    """From each point the rest of the story ends alike; the model was read once, and never again."""
    entries = list(story())
    for start in (8, 15, 17, 19, 27):
        twins = Twins()
        for entry in entries[:start]:
            twins.take(entry)
        read = twins.read()
        for entry in entries[start:]:
            twins.take(entry)
            read.advance_to(entry) if isinstance(entry, int) else read.apply(entry)
        assert list(differences(asked_about(twins.model), asked_about(read))) == [], start


def test_roles_are_the_programs() -> None:
    """Whom the issuer's account names may; an outsider may not, and neither may the holder of another role."""
    twins = Twins()
    twins.take(ins.CreateStock(STOCK, "Microsoft", ISIN))
    role = twins.world.role("Pauser")
    accounts = {"signer": local_address("issuer")}
    offer = twins.world.program.build("offer_role", role, local_address("bob"), accounts=accounts)
    twins.world.send([offer], "issuer")
    take = twins.world.program.build("accept_role", role, accounts={"signer": local_address("bob")})
    twins.world.send([take], "bob")
    read = twins.read()
    read.apply(ins.Pause(STOCK, by="bob"))
    for order in (ins.Pause(STOCK), ins.CreateStock("IBM", "IBM", "US4592001014", by="bob")):
        with pytest.raises(Refusal, match="roles: not authorised"):
            read.apply(order)


def test_what_nobody_is_asked_about_is_held_together() -> None:
    twins = Twins()
    for entry in list(story())[:9]:
        twins.take(entry)
    some = load_model(twins.world.ledger, Subjects(stocks=frozenset({STOCK}), accounts=frozenset({"alice"})))
    assert some.balance(STOCK, "alice") == units(60)
    assert some.balance(STOCK, OTHERS) == units(40)
    # Alice's other wallet came with her record.
    assert str(local_address("carol")) in some.investors.records[next(iter(some.investors.records))].wallets


def test_before_the_program_is_initialised_there_is_no_model() -> None:
    world = World()
    world.chain.svm.set_account(
        world.program.at.issuer,
        type(world.chain.svm.get_account(world.program.id))(0, b"", local_address(""), False, 0),
    )
    with pytest.raises(InputError, match="is not initialised"):
        load_model(world.ledger, SUBJECTS)
