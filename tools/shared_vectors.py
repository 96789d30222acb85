"""Write the shared test vectors: what the formulas answer, for the other implementations to answer too.

`python tools/shared_vectors.py [FOLDER]` writes them (FOLDER: tests/vectors), as `make snapshots` does, and a test
compares. Integers from 2^53 on are decimal strings; a float is its 64 bits in hexadecimal, as are bytes and addresses.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import merkle_vectors
import quote_vectors
import sanctions_vectors

from scrip.evm.encoding.values import action_id, reference_word
from scrip.ledger import Coverage
from scrip.model.laws import arithmetic as law
from scrip.model.state.reserve import NO_SHARES
from scrip.parameters import SERIES
from scrip.units import WAD, ShareWad

Case = dict[str, int | bool | str]

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "vectors"
JSON_SAFE = 2**53
_SEED = 8056
_RANDOM_CASES = 24

_INDICES = (1, WAD - 1, WAD, WAD + 1, 3 * WAD // 2, 10**24, law.U96_MAX)
_SPLITS = ((1, 1), (2, 1), (1, 2), (3, 2), (7, 3), (1, 100), (100, 1), (law.U64_MAX, 1), (1, law.U64_MAX))
_AMOUNTS = (0, 1, 2, 10**8 - 1, 10**8, WAD - 1, WAD, 123_456_789 * WAD + 1, law.U128_MAX)
_MULTIPLIERS = (1, WAD // 100, WAD // 3, WAD - 1, WAD, WAD + 1, 2 * WAD, 1_112_449_799_196_787_149, law.U96_MAX)


def generate() -> dict[str, object]:
    """All files: name without suffix → contents."""
    return {
        "multiplier": {"schema": 1, "ui_multiplier": [*_ui_multiplier()], "f64": [*_f64()]},
        "ui_amount": {"schema": 1, "ui_amount": [*_ui_amount()], "raw_amount": [*_raw_amount()]},
        "dividend": {
            "schema": 1,
            "withheld": [*_withheld()],
            "next_index": [*_next_index()],
            "rate": [*_rate()],
            "theoretical_ex_price": [*_ex_price()],
        },
        "split": {"schema": 1, "next_split": [*_next_split()]},
        "action_id": {"schema": 1, "action_id": [*_action_id()]},
        "merkle_sum": merkle_vectors.generate(),
        "quote": quote_vectors.generate(),
        "sanctions": sanctions_vectors.generate(),
        "reserve": {
            "schema": 1,
            "counted_reserve": [*_counted_reserve()],
            "liability": [*_liability()],
            "receivable": [*_receivable()],
            "there": [*_there()],
            "is_plausible": [*_is_plausible()],
            "scaled": [*_scaled()],
        },
    }


def _action_id() -> Iterator[Case]:
    for isin in ("US5949181045", "US0378331005"):
        for series in (1, 2, 256, SERIES.ceiling):
            for code in ("SPLF", "DRIP"):
                for reference in ("2030", "2031"):
                    word, identity = reference_word(reference), action_id(isin, series, code, reference)
                    named = {"isin": isin, "series": series, "code": code}
                    yield named | {"reference": f"0x{word.hex()}", "id": f"0x{identity.hex()}"}


def render(contents: object) -> str:
    """A file's text."""
    return json.dumps(_plain(contents), indent=2, sort_keys=True) + "\n"


def write(folder: Path) -> list[Path]:
    """Writes every file under a temporary name first, and returns the paths."""
    paths = []
    for name, contents in generate().items():
        path = folder / f"{name}.json"
        draft = path.with_suffix(".json.tmp")
        draft.write_text(render(contents), encoding="utf-8", newline="\n")
        os.replace(draft, path)
        paths.append(path)
    return paths


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= JSON_SAFE:
        return str(value)
    return value


def _bits(random: Random, most: int) -> int:
    """A number of 1 to `most` bits, every length as likely as any other."""
    length = random.randint(1, most)
    return random.getrandbits(length - 1) | 1 << (length - 1)


def _ui_multiplier() -> Iterator[Case]:
    random = Random(_SEED)
    cases = [(index, *split) for index in _INDICES for split in _SPLITS]
    cases += [(_bits(random, 96), *law.reduce(_bits(random, 64), _bits(random, 64))) for _ in range(_RANDOM_CASES)]
    for index, num, den in cases:
        multiplier, fits = law.ui_multiplier(index, num, den), law.pair_fits(index, num, den)
        yield {"index": index, "num": num, "den": den, "multiplier": multiplier, "fits": fits}


def _f64() -> Iterator[Case]:
    random = Random(_SEED)
    # Halfway between two floats of 53 bits: the even one is below, then above.
    ties = [(2**53 + 1) * 10**18 >> 18, (2**53 + 3) * 10**18 >> 18]
    for multiplier in (*_MULTIPLIERS, *ties, *(tie + 1 for tie in ties), *(_bits(random, 96) for _ in range(48))):
        yield {"multiplier": multiplier, "bits": f"0x{law.f64_bits(multiplier):016x}"}


def _ui_amount() -> Iterator[Case]:
    random = Random(_SEED)
    cases = [(raw, multiplier) for raw in _AMOUNTS for multiplier in _MULTIPLIERS]
    cases += [(_bits(random, 128), _bits(random, 96)) for _ in range(_RANDOM_CASES)]
    for raw, multiplier in cases:
        yield {"raw": raw, "multiplier": multiplier, "ui": law.ui_amount(raw, multiplier)}


def _raw_amount() -> Iterator[Case]:
    random = Random(_SEED)
    cases = [(ui, multiplier) for ui in _AMOUNTS for multiplier in _MULTIPLIERS]
    cases += [(_bits(random, 128), _bits(random, 96)) for _ in range(_RANDOM_CASES)]
    for ui, multiplier in cases:
        yield {"ui": ui, "multiplier": multiplier, "raw": law.raw_amount(ui, multiplier)}


def _withheld() -> Iterator[Case]:
    for gross in (1, 3, 8 * WAD // 100, 308 * WAD // 100, WAD + 1, law.U128_MAX):
        for bps in (0, 1, 1_500, 3_000, 9_999, 10_000):
            yield {
                "gross": gross,
                "bps": bps,
                "withheld": law.withheld(gross, bps),
                "net": law.net_dividend(gross, bps),
            }


def _next_index() -> Iterator[Case]:
    random = Random(_SEED)
    cents = WAD // 100
    cases = [
        (WAD, 2_739 * cents, 308 * cents),
        (WAD, 25 * WAD, 8 * cents),
        (1_112_449_799_196_787_149, 25 * WAD, 8 * cents),
        (WAD, 4 * WAD, WAD),
        (WAD, 4 * WAD, WAD + 1),
        (WAD, law.U128_MAX, 1),
        (WAD, WAD, 0),
        (law.U96_MAX, 4, 1),
        (1, 3, 2),
    ]
    for _ in range(_RANDOM_CASES):
        price = _bits(random, 100) + 4
        cases.append((_bits(random, 96), price, random.randrange(price // 4)))
    for index, price, net in cases:
        following, step = law.next_index(index, price, net), law.dividend_step_ok(price, net)
        yield {"index": index, "price": price, "net": net, "next": following, "step_ok": step}


def _rate() -> Iterator[Case]:
    for year_ago in (1, WAD, WAD + 1, 10**24 + 1):
        for following in (year_ago * 3 // 2, year_ago * 3 // 2 + 1):
            yield {"year_ago": year_ago, "next": following, "rate_ok": law.rate_ok(following, year_ago)}


def _ex_price() -> Iterator[Case]:
    for close, gross in ((2_997, 308), (2_500, 8), (1, 1)):
        close, gross = close * WAD // 100, gross * WAD // 100
        yield {"cum_close": close, "gross": gross, "price": law.theoretical_ex_price(close, gross)}


def _next_split() -> Iterator[Case]:
    terms = ((2, 1), (1, 2), (3, 2), (4, 2), (7, 3), (100, 1), (1, 100), (101, 1), (1, 101), (law.U64_MAX, 1))
    for num, den in _SPLITS:
        for new, old in terms:
            following = law.next_split(num, den, new, old)
            yield {
                "num": num,
                "den": den,
                "new": new,
                "old": old,
                "next_num": following[0],
                "next_den": following[1],
                "fits": max(following) <= law.U64_MAX,
                "step_ok": law.split_step_ok(new, old),
            }


def _counted_reserve() -> Iterator[Case]:
    for answer in (1, 10**8 + 1, 123_456_789_012_345_678_901, law.U128_MAX):
        for decimals in (0, 8, 18, 19, 36):
            for margin in (0, 1, 50, 9_999):
                reserve = law.counted_reserve(law.normalise_answer(answer, decimals), margin)
                yield {"answer": answer, "decimals": decimals, "margin_bps": margin, "reserve": reserve}


def _liability() -> Iterator[Case]:
    for supply in _AMOUNTS:
        for index in (WAD, WAD + 1, 1_112_449_799_196_787_149):
            for num, den in ((1, 1), (2, 1), (1, 3), (law.U64_MAX, law.U64_MAX - 1)):
                owed = law.liability(supply, index, num, den)
                yield {"supply": supply, "index": index, "num": num, "den": den, "liability": owed}


def _receivable() -> Iterator[Case]:
    for supply, recorded in ((0, WAD), (WAD, 0), (WAD, 2 * WAD), (2 * WAD, WAD), (law.U128_MAX, law.U128_MAX)):
        for delta in (1, 112_449_799_196_787_149):
            for num, den in ((1, 1), (2, 1), (1, 3)):
                due = law.receivable(supply, recorded, delta, num, den)
                yield {
                    "supply": supply,
                    "recorded_supply": recorded,
                    "delta": delta,
                    "num": num,
                    "den": den,
                    "receivable": due,
                }


def _there() -> Iterator[Case]:
    for reserve, ceiling, others, due in (
        (0, 0, 0, 0),
        (100, 100, 0, 0),
        (100, 1_000, 0, 7),
        (1_000, 100, 0, 7),
        (1_000, 1_000, 950, 0),
        (100, 1_000, 101, 3),
        (law.U128_MAX, law.CEILING_MAX, 1, law.U128_MAX),
    ):
        there = Coverage(ShareWad(reserve), NO_SHARES, ShareWad(due), ShareWad(ceiling), ShareWad(others)).there
        yield {"reserve": reserve, "ceiling": ceiling, "others": others, "receivable": due, "there": there}


def _is_plausible() -> Iterator[Case]:
    for owed in (0, 1, 100, 3 * WAD + 1, law.U128_MAX):
        least = law.ceil_div(owed * 98, 100)
        for answer in sorted({max(least - 1, 0), least, least + 1}):
            yield {"answer": answer, "owed": owed, "plausible": law.is_plausible(answer, owed)}


def _scaled() -> Iterator[Case]:
    for ceiling in (0, 1, 10**24 + 1, law.CEILING_MAX):
        for num, den in ((2, 1), (1, 3), (3, 7)):
            down, up = law.scaled_down(ceiling, num, den), law.scaled_up(ceiling, num, den)
            yield {"ceiling": ceiling, "num": num, "den": den, "down": down, "up": up}


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
