"""What real events paid and delivered, on model and bytecode, held to the columns that were worked out by hand.

The columns `delivered` and `cash` of data/actions/real_events.csv are of holders of 100, 1 and 7 shares, who chose
stock, cash and stock where there was a choice, of which 50 units could be had. Roots are computed by the package,
posted, funded and pushed; what accounts then hold is looked up on the chain.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from machine.test_real_events import TABLE
from machine.twins import Twins

from scrip import instructions as ins
from scrip.action_codes import BOOK_CODES
from scrip.dividends import deliveries
from scrip.dividends.entitlements import Entitlements, Holder, entitlements
from scrip.dividends.treaty import TreatyTable
from scrip.elections import results
from scrip.evm.deploy.dividends import open_distributor
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.dividends import DividendDesign
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.holders.tree import Leaves, build
from scrip.instructions.base import ISSUER, TREASURY
from scrip.labels import DISTRIBUTOR
from scrip.ledger import EVM
from scrip.model.laws import cash as cash_law
from scrip.model.laws import merkle_sum
from scrip.model.laws.elections import Split
from scrip.model.ledger import ModelLedger
from scrip.model.state import Dividends
from scrip.units import WAD, RawUnits, Shares, Stablecoin, Wad, parse_wad

DAY, YEAR, UNIT = 86_400, 365 * 86_400, 10**18
BEGIN = 1_514_764_800
HELD = {"alice": 100 * UNIT, "bob": UNIT, "carol": 7 * UNIT}
SAID = [Split(secu=100 * UNIT), Split(cash=UNIT), Split(secu=7 * UNIT)]
MOST = 50 * UNIT
NO_TAX = TreatyTable(schema=1, source="US", statutory_bps=0)


def paid_events() -> list[dict[str, str]]:
    """The events that distribute something, of which the table has what each holder got."""
    lines = (line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    rows = sorted(csv.DictReader(lines), key=lambda row: row["ex"])
    return [row for row in rows if row["on_bytecode"] == "yes"]


class Desk(Twins):
    """ACME, held by three, and SPUN, which is given; either has a custodian whose shares are attested."""

    def __init__(self, at: int) -> None:
        model, chain = ModelLedger(EVM, BEGIN), RevmChain(BEGIN)
        chain._block += 10_000
        wanted = DividendDesign(TREASURY, "tax", in_stock=True)
        suite = open_distributor(chain, deploy_suite(chain), wanted, ISSUER)
        model.state.dividends = Dividends(TREASURY, "tax")
        words = {one: bytes.fromhex(chain.address(one)[2:]).rjust(32, b"\0") for one in (*HELD, TREASURY, DISTRIBUTOR)}
        model.state.words = words
        self.evm, self.posted = EvmLedger(chain, suite), 0
        super().__init__(model, {"revm": self.evm}, ())
        for one in HELD:
            self.must(ins.Onboard(f"inv-{one}", one, 276, "retail", BEGIN + 20 * YEAR))
            self.must(ins.FundStablecoin(one, Stablecoin(10)))
        self.must(ins.FundStablecoin(TREASURY, Stablecoin(10**15)))
        for stock, isin in (("ACME", "US0000000001"), ("SPUN", "US0000000019")):
            self.must(ins.CreateStock(stock, stock, isin))
            self.must(ins.AttestReserve(stock, Shares.of(1_000)))
            self.must(ins.ConfigureReserve(stock, 20 * YEAR, 0, Shares.of(10**9)))
        for one, units in HELD.items():
            quote = ins.QuoteTerms(f"first {one}", BEGIN + DAY, 0)
            self.must(ins.Mint("ACME", one, RawUnits(units, 18), Stablecoin(1), quote))
        self.advance_to(at - 3 * DAY)

    def units(self, stock: str) -> dict[str, int]:
        """What the contract says that each holds."""
        return {one: self.evm.balance(stock, one).value for one in HELD}

    def coins(self) -> dict[str, int]:
        return {one: self.evm.stablecoin(one).value for one in HELD}

    def give_out(self, code: str, reference: str, found: Entitlements, *, in_units: bool) -> None:
        """Post a root of it, fund it and push it."""
        rows = [one for one in found.rows if one.due.net]
        words = self.model.state.words
        leaves = [
            merkle_sum.Leaf(place, words[one.holder.account], one.due.gross, one.due.withheld, one.due.net, True)
            for place, one in enumerate(rows)
        ]
        tree = build(Leaves.of(leaves))
        self.posted += 1
        block_hash = merkle_sum.keccak(b"long ago")
        chain, token = self.evm.chain, self.evm.token("ACME").address
        action = self.evm.action_id("ACME", code, reference)
        binding = merkle_sum.Binding(
            merkle_sum.word(chain.chain_id()),
            bytes.fromhex(token[2:]).rjust(32, b"\0"),
            action,
            self.posted,
            block_hash,
        )
        identity = "0x" + merkle_sum.bound(tree.root, binding).hex()

        def of(amount: int) -> ins.Paid:
            return RawUnits(amount, 18) if in_units else Stablecoin(amount)

        net = tree.root.sum
        root = ins.RootTerms(
            *("0x" + tree.root.hash.hex(), of(net), of(net), of(0)),
            *(tree.root.depth, self.posted, "0x" + block_hash.hex()),
        )
        part = self.model.state.dividends.parts.get(("ACME", code, reference), 0)  # type: ignore[union-attr]
        self.must(ins.PostRoot("ACME", reference, part, root, identity, code, in_units))
        if in_units:
            self.must(ins.FundUnits(identity, RawUnits(net, 18)))
        else:
            self.must(ins.FundDividend(identity, Stablecoin(net), TREASURY))
        given = tuple(
            ins.DividendLeaf(one.holder.account, of(one.due.gross), of(one.due.withheld), of(one.due.net))
            for one in rows
        )
        push = ins.PushDividend(identity, 0, given, ins.proof_nodes(tree.proof(0)[7:]), "keeper")
        self.must(push)
        self.must(push)


def announce(desk: Desk, row: Mapping[str, str], at: int) -> str:
    """Announce an event's terms, its record at its ex; the instant at which it is all paid."""
    code, day, reference = row["code"], datetime.fromtimestamp(at, UTC).date(), row["ex"]
    if code == "DVCA":
        # The ex is deferred: the cash is there three days before it.
        terms = ins.CashTerms(day, at, at - 3 * DAY, at + 4 * YEAR, parse_wad(row["gross"]))
        desk.must(ins.AnnounceCash("ACME", reference, terms))
        return reference
    kind = BOOK_CODES[code]
    currency, _, price = row["price"].rpartition(" ")
    has_cash = bool(row["gross"] or (price and code == "LIQU"))
    every = {
        "pay": at + 10 * DAY,
        "ex": day,
        "record_at": at,
        "deadline": at + DAY if code != "MRGR" else None,
        "expiry": at + 4 * YEAR,
        "gross": parse_wad(row["gross"]) if row["gross"] else None,
        "currency": currency or ("USD" if row["gross"] else None),
        "asset": "stablecoin" if has_cash else None,
        "rate": Wad(WAD) if has_cash else None,
        "source": "par" if has_cash else None,
        "num": int(row["new"]) if row["new"] else None,
        "den": int(row["old"]) if row["old"] else None,
        "other": "SPUN" if row["new"] and code != "DVOP" else None,
        "price": parse_wad(price) if price else None,
    }
    taken = {*kind.needs, *kind.more}
    given = {name: value for name, value in every.items() if name in taken and value is not None}
    desk.must(ins.AnnounceRecord("ACME", code, reference, ins.RecordTerms(**given)))
    return reference


def holders(choice: str = "") -> list[Holder]:
    """The register, or those who are due an option of what was chosen between."""
    every = [Holder(one, units, f"inv-{one}", "retail", "DE") for one, units in HELD.items()]
    if not choice:
        return every
    hashes = {"contract": "", "token": "", "action": "", "election": "", "register": "", "root": "", "block_hash": ""}
    subject = results.Subject(
        **hashes,
        network="local",
        chain_id=1,
        stock="ACME",
        code="DVOP",
        reference="r",
        record_at=0,
        deadline=0,
        sum=sum(HELD.values()),
        depth=7,
        block=1,
        default="CASH",
        most=MOST,
    )
    found = results.make(subject, list(HELD), list(HELD.values()), SAID)
    return deliveries.chosen(every, found, choice, {"stock": "ACME"})  # type: ignore[arg-type]


def column(text: str, decimals: int) -> Sequence[int]:
    """What three holders got, in base units."""
    return [int(Decimal(one).scaleb(decimals)) for one in text.split(" ")] if text else [0, 0, 0]


@pytest.mark.parametrize("row", paid_events(), ids=lambda row: f"{row['event']} {row['code']} {row['ex']}")
def test_holders_get_what_is_worked_out_by_hand(row: dict[str, str]) -> None:
    """Every event on a chain of its own, 0.4 s each."""
    at = int(datetime.fromisoformat(row["ex"]).replace(tzinfo=UTC).timestamp())
    code, desk = row["code"], Desk(at)
    reference = announce(desk, row, at)
    stock = "ACME" if code == "DVOP" else "SPUN"
    units, coins = desk.units(stock), desk.coins()
    desk.advance_to(at + (0 if code in ("DVCA", "RHTS") else 10 * DAY))
    if row["delivered"]:
        ratio = deliveries.law.Ratio(int(row["new"]), int(row["old"]), Wad(WAD), Wad(WAD))
        given = deliveries.given(holders("SECU" if code == "DVOP" else ""), ratio)
        if code == "RHTS":
            desk.advance_to(at + 10 * DAY)
            assert desk.model.state.stocks["ACME"].actions.book[code, reference].status_at(at) == "ANNOUNCED"
        desk.give_out(code, reference, given, in_units=True)
    if row["cash"]:
        gross = Wad(parse_wad(row["gross"] or row["price"].rpartition(" ")[2]))
        terms, counted = cash_law.PerShare(gross, Wad(0), Wad(WAD)), cash_law.Counted(Wad(WAD), 18, 6)
        due = holders("CASH" if code == "DVOP" else "")
        desk.give_out(code, reference, entitlements(due, terms, counted, NO_TAX, {}, date(2030, 1, 1)), in_units=False)
    got = {one: desk.units(stock)[one] - units[one] for one in HELD}
    assert list(got.values()) == column(row["delivered"], 18)
    paid = {one: desk.coins()[one] - coins[one] for one in HELD}
    assert list(paid.values()) == column(row["cash"], 6)
    assert desk.evm.balance("ACME", DISTRIBUTOR).value == desk.evm.balance("SPUN", DISTRIBUTOR).value == 0


def test_every_code_with_roots_was_checked() -> None:
    assert {row["code"] for row in paid_events()} == {code for code, one in BOOK_CODES.items() if one.legs}
