"""Instructions as transactions: each has one, and nothing in it is an address yet."""

from __future__ import annotations

from datetime import date

import pytest
from eth_utils import keccak
from support.every_instruction import leaves

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.compiled.codec import EXTENSIONS
from scrip.evm.encoding.calldata import concrete
from scrip.evm.encoding.papers import Paper
from scrip.evm.encoding.quotes import Quote
from scrip.evm.encoding.values import SignedAttestation, SignedQuote, action_id, document_hash, investor_number
from scrip.evm.handlers import transaction
from scrip.evm.handlers.attestations import attestation_of
from scrip.evm.handlers.investors import onboarding
from scrip.holder_limits import Countries, HolderLimits, StockRules
from scrip.instructions.base import Instruction
from scrip.market_limits import MarketLimits
from scrip.model.state.reserve import Ceilings, Feed, Step
from scrip.plan import Address, StepKey
from scrip.units import RawUnits, Shares, Stablecoin, Wad

UNIT = RawUnits(10**18, 18)
TERMS = ins.QuoteTerms("q", 2_000_000_000, 0)
HASH = "0x" + "11" * 32
CASH = ins.CashTerms(date(2033, 5, 18), 2_000_000_000, 2_000_086_400, 2_100_000_000, Wad(10**18))
ROOT = ins.RootTerms(HASH, Stablecoin(1), Stablecoin(1), Stablecoin(0), 7, 1, HASH)
LEAF = ins.DividendLeaf("alice", Stablecoin(1), Stablecoin(0), Stablecoin(1))
TOP = ins.VoteRoot(HASH, UNIT, 7, 1, HASH)
HOLDER = ins.VoteLeaf("alice", 0, UNIT)
OFFER = "0x" + "22" * 26 + "01" + "0070000000"
VOTE = "0x" + "11" * 31 + "00"
EVERY: tuple[Instruction, ...] = (
    ins.CreateStock("ACME", "Acme Inc", "US0000000001"),
    ins.Halt(),
    ins.Unhalt(),
    ins.Pause("ACME"),
    ins.Unpause("ACME"),
    ins.Onboard("a", "alice", 276, "retail", 1),
    ins.LinkWallet("a", "alice2"),
    ins.UnlinkWallet("a", "alice2", 1, "d"),
    ins.Renew("a", 2),
    ins.SetProfile("a", 756, "venue"),
    ins.Block("a", 1, "d"),
    ins.Unblock("a", 1, "d"),
    ins.BlockWallet("eve", 1, "d"),
    ins.UnblockWallet("eve", 1, "d"),
    ins.Mint("ACME", "alice", UNIT, Stablecoin(1), TERMS),
    ins.Redeem("ACME", "alice", UNIT, Stablecoin(1), TERMS),
    ins.PauseMarket(),
    ins.RevokeQuote(nonce=1),
    ins.RevokeQuotes(desk=1),
    ins.SetMarketLimit("issuer", MarketLimits(1, 1, 1)),
    ins.SetMarketLimit("stock", MarketLimits(), "ACME"),
    ins.SetMarketBand("ACME", 0),
    ins.SetQuoteTerms(1, 1),
    ins.SetPeg("stablecoin", "price-ACME", 50, 60),
    ins.PokePeg("stablecoin"),
    ins.UnpauseMarket(),
    ins.FundStablecoin("alice", Stablecoin(1)),
    ins.Transfer("ACME", "alice", "bob", UNIT),
    ins.Approve("ACME", "alice", "bob", UNIT),
    ins.TransferFrom("ACME", "bob", "alice", "bob", UNIT),
    ins.Announce("ACME", "SPLF", "r", date(2033, 5, 18), 2_000_000_000, 2, 1),
    ins.Schedule("ACME", "SPLF", "r"),
    ins.Cancel("ACME", "SPLF", "r", 1, "d"),
    ins.Correct("ACME", "r", Wad(10**18), 2_000_000_000, 1, "d"),
    ins.Fold("ACME", "r", Wad(10**18), 1, 1, 1, "d"),
    ins.ConfigureReserve("ACME", 60, 0, Shares.of(1)),
    ins.SetCeiling("ACME", Shares.of(1)),
    ins.AttestReserve("ACME", Shares.of(1)),
    ins.ConfirmBasis("ACME"),
    ins.SetBasis("ACME"),
    ins.OpenCase("ACME", "alice", 1, "d"),
    ins.CloseCase("ACME", "alice"),
    ins.Freeze("ACME", "alice", True, 1, "d"),
    ins.SetFrozenTokens("ACME", "alice", UNIT, 1, "d"),
    ins.ForcedTransfer("ACME", "alice", "bob", UNIT, 1, "d"),
    ins.ForcedBurn("ACME", "alice", UNIT, 1, "d"),
    ins.Lock("ACME", "alice", UNIT, 2_000_000_000, 1, "d"),
    ins.ReleaseLocks("ACME", "alice", 1, "d"),
    ins.SetStockRules("ACME", StockRules()),
    ins.SetHolderLimits("ACME", HolderLimits(500)),
    ins.RemoveHolderLimits("ACME"),
    ins.SeedHolders("ACME", ("alice", "bob")),
    ins.RecoverWallet("a", "alice", "bob", 1, "d", ("ACME", "NONE")),
    ins.RecoverIn("alice", ("ACME",)),
    ins.OnboardAttested("a", "alice", 276, "retail", 2_000_000_000, ins.AttestationTerms(7, 2_000_000_000)),
    ins.CancelAttestation("provider", 7),
    ins.DropProvider("provider", 1, "d"),
    ins.ReadmitProvider("provider"),
    ins.SetSanctionsOracle(ins.SANCTIONS_ORACLE),
    ins.SuspendSanctionsOracle(),
    ins.Screen(("alice", "bob")),
    ins.AnswerSanctions("alice", "listed"),
    ins.LoadSessions("XNYS", "exchange", 1461, (1 << 255,)),
    ins.CloseDays("XNYS", "24/5", 20_515, 1),
    ins.ConfigurePrice("ACME", "price-ACME", "share", "XNYS", "exchange", 3_600, 1_000),
    ins.TightenPrice("ACME", 60, 100),
    ins.SuspendPrice("ACME"),
    ins.ResumePrice("ACME"),
    ins.PokePrice("ACME", "alice"),
    ins.AcceptPrice("ACME"),
    ins.SetSequencer("sequencer", 3_600),
    ins.AnswerPrice("price-ACME", 40_000_000_000),
    ins.RequestRedemption("ACME", "alice", UNIT),
    ins.CallBack("ACME", "alice"),
    ins.FetchUnits("ACME", "alice"),
    ins.FetchMoney("ACME", "alice", UNIT),
    ins.FetchAll("ACME", ("alice", "bob"), "keeper"),
    ins.SetOperator("ACME", "alice", "keeper"),
    ins.Strike("ACME", "s", Stablecoin(1), 2_000_000_000),
    ins.VoidStrike("ACME", "s"),
    ins.SetReference("ACME", Stablecoin(1)),
    ins.SkimVault("ACME"),
    ins.FillRequests("ACME", "s", ("alice", "bob")),
    ins.SuspendMints("ACME", "alice"),
    ins.ResumeMints("ACME"),
    ins.ReturnUnits("ACME", "alice", 1, "d"),
    ins.ApproveAccount("ACME", "alice", "bob"),
    ins.RequestInKind("ACME", "alice", UNIT, "delivery"),
    ins.DeliverInKind("ACME", "alice", UNIT, "delivery", "receipt"),
    ins.RequestSubscription("ACME", "alice", Stablecoin(1)),
    ins.CallBackCoins("ACME", "alice"),
    ins.FetchRefund("ACME", "alice"),
    ins.FetchSubscribed("ACME", "alice", UNIT),
    ins.FetchEntered("ACME", ("alice", "bob"), "keeper"),
    ins.FillSubscriptions("ACME", "s", ("alice", "bob")),
    ins.SendBack("ACME", ("alice", "bob"), "keeper"),
    ins.ReturnSubscribed("ACME", "alice", 1, "d"),
    ins.CloseEntry("ACME"),
    ins.OpenEntry("ACME"),
    ins.AnnounceRecord("ACME", "MEET", "m", ins.RecordTerms(9, record_at=3, deadline=5, document="agenda")),
    ins.AmendRecord("ACME", "CHAN", "n", ins.RecordTerms(9, name="Acme Inc")),
    ins.CancelRecord("ACME", "MEET", "m", 1, "d"),
    ins.CompleteRecord("ACME", "DVCA", "c"),
    ins.AnnounceCash("ACME", "c", CASH),
    ins.AmendCash("ACME", "c", CASH),
    ins.CancelCash("ACME", "c", 1, "d"),
    ins.PostRoot("ACME", "c", 0, ROOT, HASH),
    ins.VoidRoot(HASH, 1, "d"),
    ins.FundDividend(HASH, Stablecoin(1), "alice"),
    ins.FundUnits(HASH, UNIT),
    ins.RemitWithheld(HASH, "alice"),
    ins.ClaimDividend(HASH, 0, LEAF, ()),
    ins.PushDividend(HASH, 0, (LEAF,), (), "alice"),
    ins.PayParked(HASH, 0, "alice"),
    ins.StopDividend(HASH),
    ins.ResumeDividend(HASH),
    ins.SweepDividend(HASH),
    ins.RecallDividend(HASH, 1, "d"),
    ins.OpenOffer("ACME", "TEND", "t", 0, "treasury", OFFER, "taker"),
    ins.StopOffer("ACME", OFFER),
    ins.ResumeOffer("ACME", OFFER),
    ins.CancelOffer("ACME", OFFER, 1, "d"),
    ins.LetOut("ACME", OFFER, 1, "d", "keeper"),
    ins.FundOffer("ACME", OFFER, Stablecoin(1), "treasury"),
    ins.SweepOffer("ACME", OFFER),
    ins.EnforceOffer("ACME", OFFER, "alice", "bob", UNIT, 1, "d"),
    ins.ChooseInOffer("ACME", OFFER, "alice", UNIT),
    ins.ChooseInOffer("ACME", OFFER, "alice", UNIT, UNIT),
    ins.RelayChoice("ACME", OFFER, "alice", UNIT, UNIT, 2_000_000_000, "0x" + "11" * 65, "keeper"),
    ins.WithdrawChoice("ACME", OFFER, "alice"),
    ins.ClaimOffer("ACME", OFFER, "alice"),
    ins.SetOfferOperator("alice", "keeper"),
    ins.SettleOffer("ACME", OFFER, ("alice", "bob"), "keeper"),
    ins.CollectOffer("ACME", OFFER, "keeper"),
    ins.OpenVote("ACME", "agm", 0, TOP, ins.VoteTerms(Wad(10**18), 2_000_000_000, 2, "agenda"), HASH, VOTE, "u"),
    ins.VoidVote(VOTE, 1, "d"),
    ins.ReportVotes(VOTE, (ins.Choices(Shares.of(1), Shares.of(2), Shares.of(0)),) * 2, "d", "u"),
    ins.PublishDocument("ACME", "MEET", "agm", "d", "u"),
    ins.ProveWeight(VOTE, HOLDER, (), "keeper"),
    ins.CastVote(VOTE, 0, "for", HOLDER),
    ins.CastVote(VOTE, 1, ins.VoteSplit(UNIT, UNIT, UNIT), by="alice"),
    ins.CastSigned(VOTE, 0, "for", HOLDER, (), "alice", 0, "0x" + "11" * 65, "keeper"),
    ins.ConfirmVote(VOTE, 0, "alice", "keeper"),
    ins.BeginEnd("ACME", "LIQU", "last"),
    ins.FollowEnd("ACME", "keeper"),
    ins.NameEndRate("ACME", Wad(10**18), "fixing"),
    ins.ArmEnd("ACME", "treasury"),
    ins.BurnAtEnd("ACME", UNIT, "alice"),
    ins.BurnForHolders("ACME", ("alice", "bob"), "keeper"),
    ins.TakeAtEnd("ACME", "alice", "keeper"),
    ins.SweepEnd("ACME", ("alice",), 1, "d"),
    ins.CloseEnd("ACME"),
    ins.OpenExit("ACME", "leave", Countries.only([276]), 2_000_000_000, 0, "treasury"),
    ins.PriceExit("ACME", "leave", Stablecoin(1), "close"),
    ins.TakeInAtExit("ACME", "leave", "alice"),
    ins.ReadmitCountries("ACME", "leave", "keeper"),
    ins.FundExit("ACME", "leave", Stablecoin(1), "treasury"),
    ins.ParkAtExit("ACME", "leave", ("alice", "bob"), "keeper"),
    ins.TakeAtExit("ACME", "leave", "alice", "keeper"),
    ins.SweepExit("ACME", "leave", ("alice",), 1, "d"),
    ins.CloseExit("ACME", "leave"),
    ins.OpenElection("ACME", "div", 0, TOP, "CASH", HASH, HASH, "u"),
    ins.VoidElection(HASH, 1, "d"),
    ins.FollowElection(HASH, "keeper"),
    ins.Elect(HASH, 3, "alice", UNIT, ins.UnitChoice(UNIT), ()),
    ins.ElectSigned(HASH, 3, "alice", UNIT, ins.UnitChoice(UNIT), (), "alice", 0, "0x" + "01" * 65, "keeper"),
)


LACKED: tuple[Instruction, ...] = (
    ins.SetCustodian("stablecoin", "alice", Stablecoin(1)),
    ins.SetProvider("provider", 3),
    ins.WithdrawTreasury("stablecoin", Stablecoin(1)),
)
"""What the contracts have nothing for."""


class Known:
    """One stock, ACME."""

    def isin(self, stock: str) -> str:
        return "US0000000001" if stock == "ACME" else ""

    def action_id(self, stock: str, code: str, reference: str) -> bytes:
        return action_id(self.isin(stock), 1, code, reference)

    def oracle(self, stock: str) -> Address | str:
        return Address(f"oracle-{stock}")

    def now(self) -> int:
        return 100

    def backing(self, stock: str) -> Feed:
        """A split of 2:1 is in effect and not confirmed."""
        feed = Feed()
        if stock == "ACME":
            feed.ceilings = Ceilings(Shares.of(7).to_wad(), Shares.of(3).to_wad(), 0)
            feed.step = Step(ins.Basis(2, 1, 1), 100)
        return feed

    def paper(self, order: ins.AttestReserve) -> tuple[Paper, bytes]:
        raise NotImplementedError

    def signed(self, order: ins.Mint | ins.Redeem) -> SignedQuote:
        at = "0x" + "11" * 20
        return SignedQuote(Quote(at, 0, at, at, 1, 1, 0, 0, bytes(32), 0, 0, 1), at, bytes(65))

    def attested(self, order: ins.OnboardAttested) -> SignedAttestation:
        return SignedAttestation(attestation_of(order, Named().address), bytes(65))


class Named:
    """Addresses by name, and nothing else of a chain."""

    def address(self, name: str) -> str:
        return "0x" + keccak(text=name)[:20].hex()


def test_every_instruction_fits_the_abi_of_the_function_that_it_calls() -> None:
    assert {type(one) for one in EVERY} == leaves() - {type(one) for one in LACKED}
    for order in EVERY:
        made = transaction(order, Known())
        args = concrete(made.args, Named(), bytes(32))
        sources = [made.contract, *([EXTENSIONS[made.contract]] if made.contract in EXTENSIONS else [])]
        functions = {
            (entry["name"], len(entry["inputs"]))
            for source in sources
            for entry in artifact(source).abi
            if entry["type"] == "function"
        }
        assert (made.function, len(args)) in functions, order


@pytest.mark.parametrize("order", LACKED, ids=lambda order: type(order).__name__)
def test_what_the_contracts_lack_says_why(order: Instruction) -> None:
    with pytest.raises(InputError, match="is not available on"):
        transaction(order, Known())


def test_the_sender_is_who_the_instruction_says() -> None:
    assert transaction(ins.Pause("ACME", by="pauser"), Known()).sender == "pauser"
    assert transaction(ins.TransferFrom("ACME", "bob", "alice", "carol", UNIT), Known()).sender == "bob"
    assert transaction(ins.Mint("ACME", "alice", UNIT, Stablecoin(1), TERMS), Known()).sender == "alice"


def test_a_step_gives_its_own_key_unless_the_instruction_has_one() -> None:
    own = transaction(ins.Renew("a", 2), Known())
    given = transaction(ins.Renew("a", 2, key="batch 7"), Known())
    assert own.args[0] == StepKey()
    assert given.args[0] == keccak(text="key batch 7")


def test_rules_are_bits_of_classes_and_words_of_countries() -> None:
    rules = StockRules(frozenset({"professional", "venue"}), Countries.only([276, 840]))
    made = transaction(ins.SetStockRules("ACME", rules), Known())
    assert made.args == (Address("ACME"), 0b10100, [0, 1 << 276 - 256, 0, 1 << 840 - 768])
    everybody = transaction(ins.SetStockRules("ACME", StockRules()), Known())
    assert everybody.args == (Address("ACME"), 30, [2**256 - 1] * 4)


def test_a_batch_of_investors_is_one_transaction_with_one_key() -> None:
    orders = tuple(ins.Onboard(f"i{n}", f"w{n}", 276, "venue", 9) for n in range(3))
    made = onboarding(orders, "officer")
    assert made.sender == "officer"
    key, entries = made.args
    assert key == StepKey()
    assert entries == [(investor_number(f"i{n}"), Address(f"w{n}"), 276, 4, 9) for n in range(3)]


def test_every_order_about_a_basis_names_it() -> None:
    """The stock's own now where none is given; ceilings elsewhere follow it."""
    two, old = Shares.of(2).to_wad(), ins.Basis(1, 1, 0)
    assert transaction(ins.SetBasis("ACME"), Known()).args[1:] == (2, 1, 1)
    assert transaction(ins.SetBasis("ACME", old), Known()).args[1:] == (1, 1, 0)
    stated = (two, Shares.of(6).to_wad(), 2, 1, 1)
    assert transaction(ins.SetCeiling("ACME", Shares.of(2)), Known()).args[1:] == stated
    stated = (two, Shares.of(3).to_wad(), 1, 1, 0)
    assert transaction(ins.SetCeiling("ACME", Shares.of(2), basis=old), Known()).args[1:] == stated
    assert transaction(ins.ConfigureReserve("ACME", 9, 0, Shares.of(2)), Known()).args[2:] == (9, 0, two, 0, 2, 1, 1)


def test_an_unknown_stock_is_told_before_a_chain_is_asked_where_there_is_no_contract_to_ask() -> None:
    for order in (ins.Pause("NONE"), ins.Transfer("NONE", "a", "b", UNIT), ins.CloseCase("NONE", "a")):
        with pytest.raises(InputError, match="is not a known stock"):
            transaction(order, Known())
    assert transaction(ins.SetBasis("NONE"), Known()).args == (Address("no stock NONE"), 1, 1, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", bytes(32)),
        ("court order", keccak(text="court order")),
        ("0x" + "ab" * 32, bytes.fromhex("ab" * 32)),
        ("0x" + "ab" * 31, keccak(text="0x" + "ab" * 31)),
        ("0x" + "zz" * 32, keccak(text="0x" + "zz" * 32)),
    ],
)
def test_a_document_is_a_hash_or_is_hashed(text: str, expected: bytes) -> None:
    assert document_hash(text) == expected
