"""Corporate actions that took place, played on model and contracts; what 100 shares became is worked out by hand.

The table is data/actions/real_events.csv. Nothing of the package computes what is expected here.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from machine.twins import Twins

from scrip import instructions as ins
from scrip.action_codes import ACTION_CODES, BOOK_CODES, CODES
from scrip.evm.deploy.dividends import open_distributor
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.dividends import DividendDesign
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.flows.announcements import gives
from scrip.instructions.base import ISSUER, TREASURY
from scrip.ledger import EVM
from scrip.manifest.action_file import ActionFile, fields_of, load_action
from scrip.model.ledger import ModelLedger
from scrip.model.state import Dividends
from scrip.units import RawUnits, Shares, Stablecoin, Wad, parse_wad

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "data" / "actions" / "real_events.csv"
DAY, YEAR, UNIT = 86_400, 365 * 86_400, 10**18
BEGIN = 1_041_379_200
"""2003-01-01."""
HOLDER = "alice"
PARTLY = ("terms", "event and ex", "offer and range")
"""How the word begins of what was found in part."""


def events() -> list[dict[str, str]]:
    lines = (line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return sorted(csv.DictReader(lines), key=lambda row: row["ex"])


def instant(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


class World(Twins):
    """Every stock of the table, of which Alice has 100 units from the beginning."""

    def __init__(self) -> None:
        model, chain = ModelLedger(EVM, BEGIN), RevmChain(BEGIN)
        suite = open_distributor(chain, deploy_suite(chain), DividendDesign(TREASURY, "tax"), ISSUER)
        model.state.dividends = Dividends(TREASURY, "tax")
        self.evm = EvmLedger(chain, suite)
        super().__init__(model, {"revm": self.evm}, ("revm",))
        self.must(ins.Onboard("investor", HOLDER, 276, "retail", BEGIN + YEAR))
        self.must(ins.FundStablecoin(HOLDER, Stablecoin(10**9)))
        for number, stock in enumerate(dict.fromkeys(row["event"] for row in events())):
            self.must(ins.CreateStock(stock, stock, f"US{number:09}7"))
            self.must(ins.AttestReserve(stock, Shares.of(10**6)))
            self.must(ins.ConfigureReserve(stock, DAY, 0, Shares.of(10**9)))
            quote = ins.QuoteTerms(f"first {stock}", BEGIN + DAY, 0)
            self.must(ins.Mint(stock, HOLDER, RawUnits(100 * UNIT, 18), Stablecoin(1), quote))

    def shown(self, stock: str) -> Decimal:
        """Alice's shares as the contract shows them, to the last of 18 decimals."""
        return Decimal(self.evm.balance_ui(stock, HOLDER)).scaleb(-18)


def play(world: World, row: dict[str, str]) -> None:
    """Announce it in time, and have it take effect; after a split the custodian is said to count in its basis."""
    stock, code, at = row["event"], row["code"], instant(row["ex"])
    if world.model.now() < at - 3 * DAY:
        world.advance_to(at - 3 * DAY)
    name = row["ex"]
    if code in ACTION_CODES:
        terms: dict[str, Any] = {"num": int(row["new"] or 0), "den": int(row["old"] or 0)}
        if row["gross"]:
            terms |= {"gross": parse_wad(row["gross"]), "pay": at + 20 * DAY}
        world.must(ins.Announce(stock, code, name, datetime.fromtimestamp(at, UTC).date(), at, **terms))
        world.must(ins.Schedule(stock, code, name, parse_wad(row["price"] or "0")))
        world.advance_to(at)
        if code in ("SPLF", "SPLR", "DVSE"):
            world.must(ins.SetBasis(stock))
        return
    world.must(_record(row, at))
    world.advance_to(at)


def _record(row: dict[str, str], at: int) -> ins.AnnounceCash | ins.AnnounceRecord:
    stock, code, kind = row["event"], row["code"], BOOK_CODES[row["code"]]
    day, pay = datetime.fromtimestamp(at, UTC).date(), at + 10 * DAY
    if code == "DVCA":
        # The ex is deferred: the cash is there three days before it.
        terms = ins.CashTerms(day, at, at - 3 * DAY, at + 4 * YEAR, parse_wad(row["gross"]))
        return ins.AnnounceCash(stock, row["ex"], terms)
    currency, _, price = row["price"].rpartition(" ")
    every: dict[str, Any] = {
        "pay": at + 2 * DAY if not kind.paid else pay,
        "ex": day,
        "record_at": at,
        "deadline": at + DAY,
        "expiry": at + 4 * YEAR,
        "gross": parse_wad(row["gross"] or "0"),
        "currency": currency or ("USD" if row["gross"] else ""),
        "asset": "stablecoin",
        "num": int(row["new"] or 0),
        "den": int(row["old"] or 0),
        "price": parse_wad(price or "0"),
        "document": row["source"],
    }
    optional = {"num", "den", "gross", "currency", "document"} & set(kind.more)
    given = {name: value for name, value in every.items() if name in {*kind.needs, *optional}}
    if code == "CHAN":
        given["ticker"] = "META"
    return ins.AnnounceRecord(stock, code, row["ex"], ins.RecordTerms(**given))


def test_every_code_has_an_event() -> None:
    assert {row["code"] for row in events()} == set(CODES)
    assert all(row["source"] and row["confirmed"].startswith(("yes", "by hand", *PARTLY)) for row in events())
    assert {row["event"] for row in events() if row["confirmed"] == "by hand"} == {"HAND"}
    assert all("not found" in row["confirmed"] for row in events() if row["confirmed"].startswith(PARTLY))


def test_every_event_names_the_test_that_plays_it_on_bytecode() -> None:
    for row in events():
        file, _, function = row["checked"].partition("::")
        assert f"\ndef {function}(" in (ROOT / file).read_text(encoding="utf-8"), row["event"]


def test_a_hundred_shares_become_what_they_became() -> None:
    world = World()
    for row in events():
        assert world.shown(row["event"]) == Decimal(row["before"]), row
        play(world, row)
        assert world.shown(row["event"]) == Decimal(row["after"]), row
        world.compare_multiplier(row["event"], [HOLDER])
    # A special dividend of two thirds of the price is more than a reinvested one may be: it is paid in cash.
    stock, at = "CDR", world.model.now() + 3 * DAY
    gross, day = Wad(1952 * UNIT // 100), datetime.fromtimestamp(at, UTC).date()
    world.must(ins.Announce(stock, "DRIP", "x", day, at, gross=gross, pay=at))
    assert world.apply(ins.Schedule(stock, "DRIP", "x", Wad(944 * UNIT // 100))) == "actions: step bound"


@pytest.mark.parametrize("row", events(), ids=lambda row: f"{row['event']} {row['code']} {row['ex']}")
def test_a_plan_says_what_a_holder_is_given(tmp_path: Path, row: dict[str, str]) -> None:
    if row["code"] in ACTION_CODES:
        assert row["given"] == ""
        return
    assert gives(_file(tmp_path, row), Fraction(row["before"])) == row["given"]


def _file(folder: Path, row: dict[str, str]) -> ActionFile:
    """The event's file, with instants that its code needs."""
    needed, further = fields_of(row["code"])
    content = {"stock": row["event"], "CAEV": row["code"], "CORP": row["ex"]}
    dates = {"XDTE": row["ex"], **dict.fromkeys(("RDTE", "MKDT", "PAYD", "EFFD", "MEET", "EXPI"), row["ex"])}
    content |= {name: value for name, value in dates.items() if name in needed}
    if row["new"]:
        content["NEWO"] = f"{row['new']}:{row['old']}"
    if row["gross"]:
        content["GRSS"] = f"USD {row['gross']}"
    if row["price"]:
        content["OFFR"] = row["price"]
    if "document" in needed:
        content["document"] = row["source"][:100]
    if "other" in further and row["new"]:
        content["other"] = {"SOFF": "GEHC", "MRGR": "TMUS"}.get(row["code"], "OTHER")
    if row["code"] == "CHAN":
        content["ticker"] = "META"
    path = folder / "event.yaml"
    path.write_text(yaml.safe_dump(content))
    return load_action(path)
