"""The register on DuckDB and on Polars against a plain walk over the movements, which shares no code with either."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.compute as pac
import pytest

from scrip.errors import Drift, InputError
from scrip.holders import movements as mv
from scrip.holders.engines import Engine, connected
from scrip.holders.look_through import RULES, Rules, Venue, Weights, look_through
from scrip.holders.register import (
    Owner,
    Reallocation,
    Register,
    Sources,
    balances,
    cap_table,
    given_balances,
    raw_balances,
    take,
)

MOST = 2**128 - 1
POOL, VAULT, TREASURY = "0x" + "aa" * 20, "0x" + "bb" * 20, "0x" + "cc" * 20
ACCOUNTS = [f"0x{number:040x}" for number in range(1, 40)]
ENGINES = ("duckdb", "polars")


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with connected(request.param) as found:
        yield found


def history(seed: int, length: int = 400) -> tuple[list[mv.Movement], dict[int, dict[str, int]]]:
    """Random movements, and what the walk says that everybody has after each block. Amounts reach the last bit."""
    draw, held, seen = random.Random(seed), defaultdict(int), {}
    rows = [mv.Movement(1, 0, mv.NOBODY, ACCOUNTS[0], MOST)]
    held[ACCOUNTS[0]] = MOST
    for place in range(1, length):
        sender = draw.choice([one for one, units in held.items() if units])
        units = draw.choice([1, held[sender], draw.randint(1, held[sender]), min(held[sender], 2**32)])
        receiver = draw.choice([*ACCOUNTS, sender, mv.NOBODY])
        rows.append(mv.Movement(1 + place // 5, place, sender, receiver, units))
        held[sender] -= units
        if receiver:
            held[receiver] += units
        if not sum(held.values()):
            rows.append(mv.Movement(1 + place // 5, place, mv.NOBODY, ACCOUNTS[1], 10**30))
            held[ACCOUNTS[1]] += 10**30
        seen[1 + place // 5] = dict(held)
    return rows, seen


def files(folder: Path, rows: list[mv.Movement], parts: int = 3) -> list[Path]:
    """The movements in several files, in no order."""
    random.Random(7).shuffle(rows)
    paths = [folder / f"part-{part}.parquet" for part in range(parts)]
    for part, path in enumerate(paths):
        mv.write(path, mv.table_of(rows[part::parts]))
    return paths


@pytest.mark.parametrize("seed", range(3))
def test_balances_are_what_a_walk_over_the_movements_finds(engine: Engine, tmp_path: Path, seed: int) -> None:
    rows, seen = history(seed)
    paths = files(tmp_path, rows)
    for block in (5, 40, 80):
        walked = {account: units for account, units in seen[block].items() if units}
        sources = Sources(paths, block, sum(walked.values()))
        register = take(engine, sources, raw_balances(engine, sources))
        assert register.holdings() == walked
        assert register.table.column("account").to_pylist() == sorted(walked)


def test_both_engines_answer_the_same_table(tmp_path: Path) -> None:
    rows, seen = history(11)
    paths = files(tmp_path, rows)
    walked = seen[60]
    owners = {account: Owner(f"investor {place // 3}", "retail") for place, account in enumerate(ACCOUNTS[:20])}
    moved = [Reallocation(max(walked, key=lambda one: walked[one]), ACCOUNTS[30], 17, "queue")]
    found = []
    for name in ENGINES:
        with connected(name) as engine:
            sources = Sources(paths, 60, sum(walked.values()), owners, {ACCOUNTS[2]: "excluded"})
            found.append(take(engine, sources, raw_balances(engine, sources), moved).table)
    assert found[0].equals(found[1])


def test_what_is_not_whole_is_refused(engine: Engine, tmp_path: Path) -> None:
    minted, moved = mv.Movement(1, 0, "", "0xa", 10), mv.Movement(2, 0, "0xa", "0xb", 7)
    mv.write(tmp_path / "all.parquet", mv.table_of([minted, moved]))
    mv.write(tmp_path / "twice.parquet", mv.table_of([minted, moved, moved]))
    with pytest.raises(Drift, match=r"add up to 10 units, and the supply is 11: -1"):
        raw_balances(engine, Sources([tmp_path / "all.parquet"], 2, 11))
    with pytest.raises(
        Drift, match="0xa would hold -4 units: the movements are not all there, or some are there twice"
    ):
        raw_balances(engine, Sources([tmp_path / "twice.parquet"], 2, 10))
    with pytest.raises(InputError, match="there is no file of movements"):
        raw_balances(engine, Sources([], 2, 10))
    sources = Sources([tmp_path / "all.parquet"], 2, 10)
    held = raw_balances(engine, sources)
    with pytest.raises(Drift, match="0xb would hold -1 units: more is held there for others than there is"):
        take(engine, sources, held, [Reallocation("0xb", "0xc", 8, "queue")])


def scene(engine: Engine, folder: Path) -> Register:
    """A pool, a vault of redemptions, a treasury, an investor with two wallets, and somebody nobody knows."""
    alice, second, bob, stranger = "0xa1", "0xa2", "0xb1", "0xd1"
    given = {alice: 100, second: 50, bob: 30, POOL: 1_000, VAULT: 40, TREASURY: 7, stranger: 3}
    mv.write(folder / "snapshot.parquet", mv.from_balances(9, given.items()))
    owners = {alice: Owner("alice", "retail"), second: Owner("alice", "retail"), bob: Owner("bob", "professional")}
    owners[POOL] = Owner("pool", "venue")
    sources = Sources(
        [folder / "snapshot.parquet"], 9, sum(given.values()), owners, {VAULT: "vault", TREASURY: "excluded"}
    )
    moved = [Reallocation(VAULT, bob, 40, "queue")]
    moved += look_through(Venue(POOL, "v2-pair"), 1_000, Shares({alice: 1, bob: 1, POOL: 1}, 3))
    return take(engine, sources, raw_balances(engine, sources), moved)


class Shares:
    """What a rule sees, given."""

    def __init__(self, of: dict[str, int], whole: int) -> None:
        self._weights = Weights(of, whole)

    def shares(self, contract: str) -> Weights:
        return self._weights

    def listed(self, path: Path) -> dict[str, int]:
        return dict(self._weights.of)


def test_whose_the_units_are(engine: Engine, tmp_path: Path) -> None:
    register = scene(engine, tmp_path)
    told = register.table.drop_columns([f"units_{place}" for place in range(4)]).to_pylist()
    shown = {row["account"]: (row["investor"], row["kind"]) for row in told}
    assert shown == {
        "0xa1": ("alice", "holder"),
        "0xa2": ("alice", "holder"),
        "0xb1": ("bob", "holder"),
        "0xd1": ("", "holder"),
        POOL: ("pool", "venue"),
        TREASURY: ("", "excluded"),
    }
    holdings = {"0xa1": 433, "0xa2": 50, "0xb1": 403, "0xd1": 3, POOL: 334, TREASURY: 7}
    assert register.holdings() == holdings
    totals = engine.answer(cap_table(ibis.memtable(register.table)))
    found = {(row["who"], row["kind"]): (row["accounts"], row["units_0"]) for row in totals.to_pylist()}
    assert found == {
        ("alice", "holder"): (2, 483),
        ("bob", "holder"): (1, 403),
        ("0xd1", "holder"): (1, 3),
        ("pool", "venue"): (1, 334),
        (TREASURY, "excluded"): (1, 7),
    }


@pytest.mark.parametrize("rule", RULES.names)
def test_a_venue_is_shared_out_to_the_last_unit(rule: str) -> None:
    draw = random.Random(3)
    for balance in (0, 1, 2, 999, 10**18 + 1, MOST):
        weights = {account: draw.choice([0, 1, draw.getrandbits(60)]) for account in ACCOUNTS}
        whole = sum(weights.values()) + (0 if rule == "file" else draw.getrandbits(40))
        moved = list(look_through(Venue(POOL, rule, Path("list.csv")), balance, Shares(weights, whole)))
        assert {one.holder: one.units for one in moved} == {
            account: balance * weight // whole for account, weight in weights.items() if balance * weight // whole
        }
        rest = balance - sum(one.units for one in moved)
        assert rest >= 0
        if whole == sum(weights.values()):
            assert rest < len(weights), "each share is rounded by less than a unit"


def test_a_venues_own_shares_and_those_of_nobody_stay_with_it() -> None:
    weights = Shares({"": 1_000, POOL: 500, "0xa": 500}, 2_000)
    assert list(look_through(Venue(POOL, "erc4626"), 100, weights)) == [Reallocation(POOL, "0xa", 25, "erc4626")]
    assert list(look_through(Venue(POOL, "erc4626"), 100, Shares({}, 0))) == []


def test_rules_that_are_refused() -> None:
    for of, whole in (({"0xa": 3}, 2), ({"0xa": -1, "0xb": 1}, 2)):
        with pytest.raises(InputError, match="negative, or more than the whole of 2"):
            list(look_through(Venue(POOL, "v2-pair"), 10, Shares(of, whole)))
    with pytest.raises(InputError, match=r"rule: is none of erc4626, file, v2-pair \(got 'v9'\)"):
        list(look_through(Venue(POOL, "v9"), 10, Shares({}, 0)))
    with pytest.raises(InputError, match="file: needs the file"):
        list(look_through(Venue(POOL, "file"), 10, Shares({}, 0)))


def test_a_later_contract_registers_its_own_rule_once() -> None:
    rules = Rules()

    @rules.of("repo")
    def by_repo(venue: Venue, sight: object) -> Weights:
        return Weights({"0xa": 1}, 1)

    assert rules["repo"] is by_repo
    assert rules.names == ("repo",)
    with pytest.raises(ValueError, match="two rules are called repo"):
        rules.of("repo")(by_repo)


def test_a_file_that_is_no_table_of_movements_is_refused(tmp_path: Path) -> None:
    good = mv.table_of([mv.Movement(1, 0, "", "0xa", MOST)])
    mv.write(tmp_path / "good.parquet", good)
    mv.check(tmp_path / "good.parquet")
    amount = good.schema.get_field_index("amount_3")
    for name, table, said in (
        ("column", good.drop_columns(["amount_2"]), "amount_2: the file has no such column"),
        ("type", good.set_column(0, "block", pa.array([1.0])), r"block: is to be of int64 \(got 'double'\)"),
        ("limb", good.set_column(amount, "amount_3", pa.array([2**32])), "is not between 0 and 4294967295"),
        ("minus", good.set_column(amount, "amount_3", pa.array([-1])), "is not between 0 and 4294967295"),
        ("null", good.set_column(amount, "amount_3", pa.array([None], pa.int64())), "has rows without a value"),
    ):
        mv.write(tmp_path / f"{name}.parquet", table)
        with pytest.raises(InputError, match=said):
            mv.check(tmp_path / f"{name}.parquet")
    (tmp_path / "text.parquet").write_text("no parquet")
    with pytest.raises(InputError, match="is no Parquet file"):
        mv.check(tmp_path / "text.parquet")
    with pytest.raises(InputError, match="there is no such file"):
        mv.check(tmp_path / "none.parquet")


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    target = tmp_path / "whole.parquet"

    def fail() -> None:
        with mv.written(target) as scratch:
            scratch.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_what_an_engine_elsewhere_answers_is_tidied_and_held_to_the_supply(tmp_path: Path) -> None:
    """DuckDB stands for it: sums of limbs as they are, in no order, zeros and all."""
    rows, seen = history(5)
    paths, walked = files(tmp_path, rows), {account: units for account, units in seen[50].items() if units}
    sources, answer = Sources([], 50, sum(walked.values())), tmp_path / "answer.parquet"
    with connected("duckdb") as engine:
        told = engine.answer(balances(engine.table(paths), 50))
        mv.write(answer, told)
        assert take(engine, sources, given_balances(answer, sources)).holdings() == walked
    for table, said in (
        (told.drop_columns(["units_1"]), "units_1: the file has no such column"),
        (pa.concat_tables([told, told]), "account: an account stands there twice"),
        (told.set_column(1, "units_0", pa.nulls(len(told), pa.int64())), "units_0: has rows without a value"),
    ):
        mv.write(answer, table)
        with pytest.raises(InputError, match=said):
            given_balances(answer, sources)
    mv.write(answer, told.filter(pac.not_equal(told.column("account"), min(walked))))
    with pytest.raises(Drift, match=r"balances of answer.parquet at block 50 add up to"):
        given_balances(answer, sources)


def test_engines_that_are_not_here_are_named() -> None:
    with (
        pytest.raises(InputError, match=r"engine: is none of duckdb, polars, spark \(got 'sqlite'\)"),
        connected("sqlite"),
    ):
        pass
