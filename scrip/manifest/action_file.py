"""The file from which a corporate action is announced: one shape for every code, with ISO 15022's names of fields.

It is read whole: the form of each value, then which terms the code needs and which it does not take, and everything
wrong is said at once. A year's calendar is a CSV of the same columns; each row becomes such a file, as a draft.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator, ValidationError, WithJsonSchema
from stdnum import isin as isin_number

from scrip.action_codes import ACTION_CODES, BOOK_CODES, CODES, BookCode
from scrip.errors import InputError, InputErrors
from scrip.inputs.reading.dates import day, instant
from scrip.inputs.reading.numbers import whole
from scrip.inputs.reading.refused import is_unknown, said, unknown
from scrip.inputs.reading.text import seen, text_of_file
from scrip.manifest.document import MAX_BYTES, read
from scrip.manifest.fault import Fault, refuse
from scrip.manifest.fields import FORMS, Ticker
from scrip.manifest.part import Part
from scrip.parameters import MAX_NAME, MAX_SYMBOL
from scrip.units import NO_WAD, Wad, parse_wad

MAX_RATIO = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Amount:
    """Money per share: a wad of a currency."""

    currency: str = ""
    value: Wad = NO_WAD


@dataclass(frozen=True, slots=True)
class Ratio:
    """New shares for old; 0 for 0 where none is given."""

    new: int = 0
    old: int = 0


def _read(reader: Callable[[str], Any]) -> Callable[[object], Any]:
    """A validator that reads text; ValueError for what is none, and in the reader's own words."""

    def check(value: object) -> Any:
        if not isinstance(value, str):
            raise ValueError("must be text: put it in quotes" if isinstance(value, int | float) else "is not text")
        try:
            return reader(value)
        except InputError as wrong:
            raise ValueError(wrong.message) from None

    return check


def _decimal(text: str) -> Wad:
    if not re.fullmatch(r"[0-9.]+", text):
        raise InputError('is no amount such as "0.26"')
    return parse_wad(text, "")


def _amount(text: str) -> Amount:
    match = re.fullmatch(r"([A-Z]{3}) ([0-9.]+)", text)
    if match is None:
        raise InputError('is no currency and amount such as "USD 0.26"')
    return Amount(match[1], parse_wad(match[2], ""))


def _ratio(text: str) -> Ratio:
    match = re.fullmatch(r"([0-9]{1,20}):([0-9]{1,20})", text)
    if match is None:
        raise InputError('is no ratio of new shares for old such as "7:1"')
    found = Ratio(whole(match[1]), whole(match[2]))
    if not (0 < found.new <= MAX_RATIO and 0 < found.old <= MAX_RATIO):
        raise InputError(f"has a side that is not between 1 and {MAX_RATIO}")
    return found


def _isin(text: str) -> str:
    if text and (not isin_number.is_valid(text) or isin_number.compact(text) != text):
        raise ValueError("is no ISIN: its check digit or its form is wrong")
    return text


def _within(most: int) -> AfterValidator:
    """What a chain keeps in so many bytes of UTF-8."""

    def check(text: str) -> str:
        if len(text.encode()) > most:
            raise ValueError(f"is longer than {most} bytes")
        return text

    return AfterValidator(check)


def _pattern(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern})


_DAY = PlainValidator(_read(lambda text: day(text, "")))
_INSTANT = PlainValidator(_read(lambda text: instant(text, "")))
_DATED = "^[0-9]{4}-[0-9]{2}-[0-9]{2}"
Day = Annotated[date | None, _DAY, _pattern(f"{_DATED}$")]
_TIME = "(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?"
Instant = Annotated[int, _INSTANT, _pattern(f"{_DATED}{_TIME}$")]
Money = Annotated[Amount, PlainValidator(_read(_amount)), _pattern(r"^[A-Z]{3} [0-9]+(\.[0-9]{1,18})?$")]
Decimals = Annotated[Wad, PlainValidator(_read(_decimal)), _pattern(r"^[0-9]+(\.[0-9]{1,18})?$")]
NewForOld = Annotated[Ratio, PlainValidator(_read(_ratio)), _pattern("^[0-9]{1,20}:[0-9]{1,20}$")]


class ActionFile(Part):
    """A corporate action. Capitals are qualifiers of ISO 15022's MT 564; small letters are what it has no word for.

    Instants are ISO 8601 with their zone, or a day, which is its first second, UTC.
    """

    stock: Ticker
    """The stock's symbol in the manifest."""
    CAEV: Annotated[str, WithJsonSchema({"enum": list(CODES)})]
    """The code of the event."""
    CORP: Annotated[str, Field(min_length=1, max_length=64), AfterValidator(seen)]
    """The issuer's own reference, once per stock and code."""
    XDTE: Day = None
    """The market's ex day."""
    ex_at: Instant = 0
    """The ex instant; otherwise the opening of that day's session."""
    RDTE: Instant = 0
    """When units are counted; of what has an ex day otherwise its opening."""
    MKDT: Instant = 0
    """The last second of an election or a vote."""
    PAYD: Instant = 0
    """When it is paid or delivered."""
    EFFD: Instant = 0
    """When it takes effect."""
    MEET: Instant = 0
    """When the meeting is held."""
    EXPI: Instant = 0
    """Until when it can be fetched, or used; of what is paid out otherwise the shortest and a day."""
    GRSS: Money = Amount()
    """Cash per share, before anything is withheld."""
    CHAR: Decimals = NO_WAD
    """The depositary's fee per share, of the gross."""
    OFFR: Money = Amount()
    """The price per share of a tender, a subscription, a liquidation, or of stock that is chosen instead of cash."""
    NEWO: NewForOld = Ratio()
    """New shares for old."""
    QTSO: Decimals = NO_WAD
    """Units that an offer takes at most."""
    asset: Annotated[str, Field(max_length=32)] = ""
    """The stablecoin that is paid, by its symbol; otherwise the manifest's first."""
    rate: Decimals = NO_WAD
    """Coins for one unit of the currency; otherwise 1 of a dollar, and not known yet of any other."""
    source: Annotated[str, Field(max_length=200), AfterValidator(seen)] = ""
    """Where the rate is read."""
    buy: Instant = 0
    """When the shares that a DRIP buys are there."""
    other: Annotated[str, Field(max_length=32)] = ""
    """The symbol of the stock that NEWO is of, where it is one of the manifest's."""
    document: Annotated[str, Field(max_length=200), AfterValidator(seen)] = ""
    """The notice: its hash as 0x and 64 hex digits, or any other text; of a DVCA `vote publish` puts it on record."""
    name: Annotated[str, Field(max_length=MAX_NAME.value), AfterValidator(seen), _within(MAX_NAME.value)] = ""
    """The stock's name from then on."""
    ticker: Annotated[str, Field(max_length=MAX_SYMBOL.value), AfterValidator(seen), _within(MAX_SYMBOL.value)] = ""
    """Its ticker from then on."""
    isin: Annotated[str, Field(pattern="^(|[A-Z]{2}[A-Z0-9]{9}[0-9])$"), AfterValidator(_isin)] = ""
    """Its ISIN from then on."""


TERMS: Mapping[str, tuple[str, ...]] = {
    "ex": ("XDTE",),
    "ex_at": ("ex_at",),
    "record_at": ("RDTE",),
    "deadline": ("MKDT",),
    "expiry": ("EXPI",),
    "gross": ("GRSS",),
    "fee": ("CHAR",),
    "price": ("OFFR",),
    "num": ("NEWO",),
    "most": ("QTSO",),
    "effective_at": ("EFFD",),
} | {name: (name,) for name in ("asset", "rate", "source", "other", "document", "name", "ticker", "isin", "buy")}
"""The fields of the file that say a term; a currency stands with its amount, `den` with `num`."""
INSTANT_OF = {"CHAN": "EFFD", "MRGR": "EFFD", "DLST": "EFFD", "MEET": "MEET"}
"""The field that says when a recorded action is carried out, where that is not its payment."""
NAMED = ("stock", "CAEV", "CORP")
DRAFT_HEAD = "# yaml-language-server: $schema={schema}\n# {title}. A draft: nothing is announced by it.\n"


def fields_of(code: str) -> tuple[frozenset[str], frozenset[str]]:
    """The fields that a file of a code needs, and those that it may have beside them and its three names."""
    if code in ACTION_CODES:
        moving = ACTION_CODES[code]
        needs = {"XDTE", "EFFD", *(_field(code, term) for term in moving.announced if term != "den")}
        return frozenset(needs), frozenset({"ex_at", *(("buy",) if moving.struck else ())})
    kind = BOOK_CODES[code]
    needed = {_field(code, term) for term in kind.needs if term not in ("currency", "den")}
    more = {_field(code, term) for term in kind.more if term not in ("currency", "den")}
    left = _filled_in(kind)
    if code == "DVCA":
        # A cash dividend's order has no room for its notice, which `vote publish` puts on record.
        more.discard("document")
    return frozenset(needed - left), frozenset(more | (needed & left))


def _field(code: str, term: str) -> str:
    if term == "pay":
        return INSTANT_OF.get(code, "PAYD")
    return TERMS[term][0]


def _filled_in(kind: BookCode) -> set[str]:
    """The fields that follow from others where a file does not say them."""
    found = {"RDTE"} if "ex" in kind.needs else set()
    return found | ({"EXPI", "asset"} if kind.paid else set())


# --- reading ---------------------------------------------------------------------------------------------------------


def load_action(path: Path) -> ActionFile:
    """The action in a YAML file. InputErrors that name file, line, field and value of everything wrong."""
    document = read(path)
    if not isinstance(document.value, dict):
        raise InputError("is not a mapping of fields to values", file=document.file)
    found, faults = _checked(document.value)
    refuse(document, faults)
    if found is None:
        raise AssertionError("a file that cannot be read has a fault")
    return found


@dataclass(frozen=True, slots=True)
class Draft:
    """A row of a calendar: what it says, and the action that it is."""

    content: Mapping[str, str]
    action: ActionFile

    @property
    def file(self) -> str:
        """The name of its file: stock, code and reference, with what no file name should hold replaced."""
        return re.sub(r"[^A-Za-z0-9._-]+", "_", "-".join(self.content[name] for name in NAMED)) + ".yaml"

    def text(self, schema: str) -> str:
        """The file: the fields in the order of the schema, each as text."""
        lines = [
            f"{name}: {json.dumps(self.content[name], ensure_ascii=False)}"
            for name in ActionFile.model_fields
            if name in self.content
        ]
        return DRAFT_HEAD.format(schema=schema, title=CODES[self.action.CAEV].title) + "\n".join(lines) + "\n"


def read_calendar(path: Path) -> tuple[Draft, ...]:
    """The actions of a CSV with a header of fields, in its order; an empty cell says nothing. InputErrors for all that
    is wrong with any row, and for two rows of one stock, code and reference."""
    reader = csv.reader(io.StringIO(text_of_file(path, MAX_BYTES)[0], newline=""), strict=True)
    try:
        rows = [(reader.line_num, cells) for cells in reader if any(cells)]
    except csv.Error as error:
        raise InputError(f"is no CSV: {error}", file=str(path), line=reader.line_num) from None
    if not rows:
        raise InputError("has no header line", file=str(path))
    (line, header), *rest = rows
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            raise InputError(f"has its columns between {name}: save it with commas", file=str(path), line=line)
    if not rest:
        raise InputError("has a header and no action", file=str(path), line=line)
    wrong = [
        InputError(unknown(name, ActionFile.model_fields), file=str(path), line=line, field=name)
        for name in header
        if name not in ActionFile.model_fields
    ]
    wrong += [InputError("stands twice", file=str(path), line=line, field=one) for one in _twice(header)]
    wrong += [
        InputError("column is missing", file=str(path), line=line, field=one) for one in NAMED if one not in header
    ]
    if wrong:
        raise InputErrors(wrong)
    found: list[Draft] = []
    for number, cells in rest:
        if len(cells) != len(header):
            reason = f"has {len(cells)} values for {len(header)} columns"
            wrong.append(InputError(reason, file=str(path), line=number))
            continue
        content = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
        action, faults = _checked(content)
        for fault in faults:
            field = str(fault.where[0])
            wrong.append(InputError(fault.message, file=str(path), line=number, field=field, value=fault.value))
        if action is not None and not faults:
            if any(_name(one.action) == _name(action) for one in found):
                reason = f"{' '.join(_name(action))} stands above"
                wrong.append(InputError(reason, file=str(path), line=number, field="CORP", value=action.CORP))
            found.append(Draft(content, action))
    if wrong:
        raise InputErrors(wrong)
    return tuple(found)


def _twice(header: list[str]) -> list[str]:
    return sorted({name for name in header if header.count(name) > 1})


def _name(action: ActionFile) -> tuple[str, str, str]:
    return action.stock, action.CAEV, action.CORP


def _checked(content: Mapping[str, Any]) -> tuple[ActionFile | None, list[Fault]]:
    """The action of a file's fields, and everything wrong with them; None where they cannot be read."""
    action, faults = None, list[Fault]()
    try:
        action = ActionFile.model_validate(content)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            where = one["loc"][:1]
            what = unknown(where[0], ActionFile.model_fields) if is_unknown(one) else said(one, FORMS)
            faults.append(Fault(where, what, "" if one["type"] == "missing" else one["input"]))
    gone = {fault.where[0] for fault in faults}
    filled = set(content)
    if action is not None:
        # An amount of 0 and an empty text are what a file that leaves them out says.
        filled = {name for name in content if _says(getattr(action, name), ActionFile.model_fields[name].default)}
    faults += [fault for fault in _wrong_terms(content, filled) if fault.where[0] not in gone]
    return action, faults


def _says(value: object, default: object) -> bool:
    return bool(value.value) if isinstance(value, Amount) else value != default


def _wrong_terms(content: Mapping[str, Any], filled: set[str]) -> Iterator[Fault]:
    """What a code lacks of what is `filled` in, and what it does not take of a file's content."""
    code = content.get("CAEV")
    if not isinstance(code, str):
        return
    if code not in CODES:
        yield Fault(("CAEV",), f"is none of {', '.join(CODES)}", code)
        return
    needed, more = fields_of(code)
    for field in sorted(needed - filled):
        lacks = "says nothing" if field in content else "is missing"
        yield Fault((field,), f"{lacks}: {code} ({CODES[code].title}) needs it", content.get(field, ""))
    known = {*NAMED, *needed, *more}
    for field in content:
        if field not in known and field in ActionFile.model_fields:
            taken = ", ".join(sorted(needed | more))
            yield Fault((field,), f"is no term of {code}, which takes {taken}", content[field])
    if code == "MRGR" and not {"GRSS", "NEWO"} & filled:
        yield Fault(("GRSS",), "is missing: a merger gives cash (GRSS), stock (NEWO) or both")
    if code == "CHAN" and not {"name", "ticker", "isin"} & filled:
        yield Fault(("name",), "is missing: CHAN says a name, a ticker or an ISIN")
    if ("rate" in filled) != ("source" in filled):
        there, other = ("rate", "source") if "rate" in filled else ("source", "rate")
        yield Fault((other,), f"is missing: it comes with {there}")
