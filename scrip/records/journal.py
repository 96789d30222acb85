"""A network's folder of records: intents before anything is sent, records of what came of it, a lock, in that order.

``<root>/<network>-<8 hex digits of the genesis hash>/NNNN-<operation>-<step>.json`` are the records, each with the hash
of the one before; ``intents/<step id>.json``, readable by their owner alone, hold signed bytes. Nothing is overwritten
but the intent of an attempt that a record has settled, and ``head``, which says how many records were written and the
hash of the last: without it the last ones could go missing, their intents with them, and nothing would show it. What
cannot wait has journals of its own below it, ``emergency-1/`` and so on, each with a lock: an emergency takes the first
that nobody works in.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from scrip.errors import InputError
from scrip.records import files, lock
from scrip.records.record import FIRST, Action, Intent, Record, RecordError, Status

_NAME = re.compile(r"(\d{4,})-.+\.json")
_LANE = re.compile(r"emergency-([1-9]\d*)")
REBUILD = "take the folder back from the backup, or move it away and give `ape run records rebuild`"
"""What is done about records that are lost."""
SET_ASIDE = ".damaged"
"""The ending of a record's file that was cut off, and is kept for people to look at."""
LONGEST = 60
"""Most characters of a step's name that a file's name takes."""


def slug(text: str) -> str:
    """A text as part of a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:LONGEST] or "step"


def _file_of(record: Record) -> str:
    return f"{record.number:04}-{slug(record.action.operation)}-{slug(record.action.step)}.json"


URGENT = frozenset(
    {
        *("compliance block", "compliance freeze", "feeds suspend", "market pause", "market revoke", "market tighten"),
        *("redemption void-strike", "subscription void-strike"),
    }
)
"""What cannot wait for another operation, beside all of `emergency`."""


def is_urgent(operation: str) -> bool:
    """Whether an operation waits for no other: it has journals, locks and nonces of its own."""
    return operation in URGENT or operation.startswith("emergency ")


class Records:
    """One network's records. Reading needs no lock; whoever writes holds it.

    `lane` is 0 for the network's own journal, or counts the emergencies' from 1.
    """

    def __init__(self, root: Path, network: str, genesis: str, lane: int = 0) -> None:
        self.root = root
        self.network = network
        self.genesis = genesis.lower()
        self.lane = lane
        home = root / f"{network}-{self.genesis.removeprefix('0x')[:8]}"
        self.folder = home / f"emergency-{lane}" if lane else home
        self._intents = self.folder / "intents"
        self._kept: list[Record] | None = None

    @classmethod
    def at(cls, folder: Path) -> Records:
        """The records of a folder that is there, of the network and genesis that its first record states."""
        network = folder.name.rpartition("-")[0]
        first = next(iter(cls._paths(folder)), None)
        genesis = Record.read(first.read_text(), first.name).action.genesis if first else folder.name.rpartition("-")[2]
        found = cls(folder.parent, network, genesis)
        if found.folder != folder:
            raise InputError("is not the folder of the records that it holds", file=str(folder))
        return found

    @contextmanager
    def locked(self, operation: str) -> Iterator[None]:
        """Hold the network for an operation; scrip.records.lock.Locked when another process holds it.

        What a run that stopped was in the middle of writing is removed; a last record that was cut off is set aside.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._intents.mkdir(mode=0o700, exist_ok=True)
        files.sync_folder(self.folder.parent)
        files.sync_folder(self.folder)
        with lock.held(self.folder, operation):
            files.sweep(self.folder)
            files.sweep(self._intents)
            if (cut := self.cut_off()) is not None:
                # Its intent is open then, and what came of that is recorded again, under the same number.
                self._write_head(self.readable()[-1:])
                os.replace(cut, cut.with_name(cut.name + SET_ASIDE))
                files.sync_folder(self.folder)
            self._kept = None
            yield

    # --- what cannot wait ---

    def _lane(self, number: int) -> Records:
        return Records(self.root, self.network, self.genesis, number)

    def lanes(self) -> list[Records]:
        """The emergencies' journals that stand, each read anew, also behind one that is missing."""
        home = self._lane(0).folder
        found = (_LANE.fullmatch(path.name) for path in home.glob("emergency-*") if path.is_dir())
        return [self._lane(number) for number in sorted(int(one[1]) for one in found if one)]

    def journals(self) -> list[Records]:
        """The network's own journal and the emergencies', this one as it is."""
        return [self if self.lane == one.lane else one for one in (self._lane(0), *self.lanes())]

    def of(self, operation: str) -> list[Records]:
        """The journals in which an operation may stand."""
        return self.journals() if is_urgent(operation) else [self if not self.lane else self._lane(0)]

    @contextmanager
    def working(self, operation: str, steps: Collection[str]) -> Iterator[Records]:
        """Hold the journal in which an operation with these step ids is carried out.

        An emergency goes on where it was signed, else it takes the first journal of its kind that is free: it waits for
        nobody. Locked where another process carries the same steps out, or for any other operation, works here.
        """
        if not is_urgent(operation):
            with self.locked(operation):
                yield self
            return
        begun = (one for one in self.lanes() if any(intent.action.step_id in steps for intent in one.open_intents()))
        with ExitStack() as held:
            if (journal := next(begun, None)) is not None:
                held.enter_context(journal.locked(operation))
            yield journal or self._take_free(held, operation)

    def _take_free(self, held: ExitStack, operation: str) -> Records:
        """Hold the first emergencies' journal that nobody works in; a new one where somebody works in each."""
        for journal in map(self._lane, count(1)):
            with suppress(lock.Locked):
                held.enter_context(journal.locked(operation))
                return journal
        raise AssertionError("no number is the last")

    # --- records ---

    def paths(self) -> list[Path]:
        """The records' files, in their order."""
        return self._paths(self.folder)

    @staticmethod
    def _paths(folder: Path) -> list[Path]:
        found = [path for path in folder.glob("*.json") if _NAME.fullmatch(path.name)]
        return sorted(found, key=lambda path: (int(path.name.partition("-")[0]), path.name))

    def all(self) -> list[Record]:
        """Every record, in order; RecordError when one was edited, is missing or belongs elsewhere."""
        if self._kept is None:
            # Who lists a folder while another process writes into it may miss one file and see the next.
            records, problem = self._checked()
            if problem:
                records, problem = self._checked()
            if problem:
                raise RecordError(f"{self.folder.name}: {problem}")
            self._kept = records
        return list(self._kept)

    def _checked(self) -> tuple[list[Record], str]:
        """The records, and the first place where they are broken; "" for none."""
        head = self.head()  # first: what is written meanwhile is no gap
        records = self._read()
        return records, next(self.breaks(records, head), "")

    def _read(self) -> list[Record]:
        cut = self.cut_off()
        return [Record.read(path.read_text(), path.name) for path in self.paths() if path != cut]

    def readable(self) -> list[Record]:
        """The records that can be read, in order, whatever is wrong with the others."""
        return list(self.readable_in_turn())

    def readable_in_turn(self) -> Iterator[Record]:
        """The same, each read when it is asked for: whoever looks for an early one reads few."""
        for path in self.paths():
            with suppress(RecordError, UnicodeDecodeError):
                yield Record.read(path.read_text(), path.name)

    def _whatever_stands(self) -> list[Record]:
        try:
            return self.all()
        except RecordError:
            return self.readable()

    def cut_off(self) -> Path | None:
        """The last record's file where it was cut off, by a full disk or a lost write; None where it is whole."""
        last = next(reversed(self.paths()), None)
        try:
            if last is not None:
                json.loads(last.read_text())
        except ValueError:
            return last
        return None

    def head(self) -> tuple[int, str]:
        """The number of records that were written, and the last one's hash; 0 and "" where that was never noted."""
        try:
            found = json.loads((self.folder / "head").read_text())
            return int(found["number"]), str(found["hash"])
        except (OSError, ValueError, LookupError, TypeError):
            return 0, ""

    def _write_head(self, last: Sequence[Record]) -> None:
        noted = {"number": last[-1].number, "hash": last[-1].hash} if last else {"number": 0, "hash": ""}
        files.replace(self.folder / "head", files.text_of(noted), 0o644)

    def breaks(self, records: list[Record], head: tuple[int, str]) -> Iterator[str]:
        """Where the chain of records is broken: numbers that are missing or double, hashes that do not follow.

        `head` is what was noted as the last before they were read. A last one that was cut off is no gap while an
        intent is open: what came of that is recorded again.
        """
        if problem := next(self._broken(records), ""):
            yield problem
            return
        number, digest = head
        cut, known = self.cut_off(), {(one.action.step_id, one.tx) for one in records}
        damaged = [*self.set_aside(), *([cut] if cut is not None else [])]
        lost = {int(path.name.partition("-")[0]) for path in damaged} - {one.number for one in records}
        if lost and all((one.action.step_id, one.tx) in known for one in self.intents()):
            yield f"record {min(lost)} was cut off, and no intent says what it was: {REBUILD}"
        elif {*range(len(records) + 1, number + 1)} - lost:
            yield f"record {len(records) + 1} is missing, and {number} were written: {REBUILD}"
        elif 0 < number <= len(records) and records[number - 1].hash != digest:
            yield f"record {number} is another than was written: {REBUILD}"
        lanes = [] if self.lane else [one.lane for one in self.lanes()]
        if gaps := {*range(1, max(lanes, default=0))} - {*lanes}:
            yield f"the journal emergency-{min(gaps)} is missing: {REBUILD}"

    def set_aside(self) -> list[Path]:
        """The files of records that were cut off."""
        return sorted(self.folder.glob(f"*{SET_ASIDE}"))

    def _broken(self, records: list[Record]) -> Iterator[str]:
        previous = FIRST
        for place, record in enumerate(records, start=1):
            if record.number != place:
                yield f"record {place} is missing or double: number {record.number} stands in its place"
                return
            if record.previous != previous:
                yield f"record {place} does not follow record {place - 1}: one of the two was changed"
            if record.action.genesis != self.genesis:
                yield f"record {place} is of another network, genesis {record.action.genesis}"
            previous = record.hash

    def _latest(self, step_id: str, operation: str) -> Record | None:
        """As `latest`; an emergency looks at what can be read of the other journals."""
        kept = self._whatever_stands() if is_urgent(operation) else self.all()
        return next((one for one in reversed(kept) if one.action.step_id == step_id), None)

    def latest(self, step_id: str) -> Record | None:
        """The last record of a step; None where there is none."""
        return next((one for one in reversed(self.all()) if one.action.step_id == step_id), None)

    def known(self, operation: str, step_id: str) -> Record | None:
        """The last record of a step of an operation, in whichever journal it stands; None where there is none."""
        found = [last for one in self.of(operation) if (last := one._latest(step_id, operation)) is not None]
        return next((one for one in found if one.done), found[-1] if found else None)

    def append(self, status: Status, action: Action, tx: str, **outcome: Any) -> Record:
        """Write a new record, on disk when this returns. `outcome` are Record's further fields."""
        records = self.all()
        last = records[-1] if records else None
        number, previous = (last.number + 1, last.hash) if last else (1, FIRST)
        record = Record(number, previous, status, action, tx, **outcome)
        files.create(self.folder / _file_of(record), record.text())
        self._write_head([record])
        self._kept = [*records, record]
        return record

    @property
    def is_empty(self) -> bool:
        """Whether nothing was sent as far as this folder knows: no record, and nothing signed, in any journal."""
        return not any(one.paths() or one.intents() for one in self.journals())

    def fill(self, rows: Sequence[tuple[Action, str, Mapping[str, Any]]]) -> list[Record]:
        """Write the records of an empty folder, all done: of each its action, transaction and Record's further fields.

        Stopped in between, what stands is broken: what is to become the last is noted before the first is written.
        """
        made: list[Record] = []
        for number, (action, tx, outcome) in enumerate(rows, start=1):
            made.append(Record(number, made[-1].hash if made else FIRST, "done", action, tx, **outcome))
        if made:
            self._write_head(made)
        for record in made:
            files.create(self.folder / _file_of(record), record.text())
        self._kept = list(made)
        return made

    # --- layouts ---

    def layout_path(self, digest: str) -> Path:
        """Where the storage layout with a hash is kept."""
        return self.folder / "layouts" / f"{digest}.json"

    def keep_layout(self, digest: str, text: str) -> None:
        """Keep the storage layout of what is about to be deployed: an upgrade has to fit it."""
        path = self.layout_path(digest)
        if not path.is_file():
            path.parent.mkdir(exist_ok=True)
            files.replace(path, text, 0o644)

    # --- intents ---

    def _intent_path(self, step_id: str) -> Path:
        if not re.fullmatch(r"0x[0-9a-f]{64}", step_id):
            raise InputError("is no step id", field="step", value=step_id)
        return self._intents / f"{step_id}.json"

    def intent(self, step_id: str) -> Intent | None:
        """The last intent of a step; None where there is none."""
        path = self._intent_path(step_id)
        return Intent.read(path.read_text(), path.name) if path.is_file() else None

    def write_intent(self, intent: Intent) -> None:
        """Put an intent on disk, before its bytes are sent. Of an earlier attempt only if a record has settled it."""
        earlier = self.intent(intent.action.step_id)
        if earlier is not None and not self.settled(earlier):
            raise RecordError(f"{intent.action.step_id}: an intent stands that no record has settled")
        files.replace(self._intent_path(intent.action.step_id), intent.text())

    def settled(self, intent: Intent) -> bool:
        """Whether a record says what became of an intent."""
        return any(one.action.step_id == intent.action.step_id and one.tx == intent.tx for one in self.all())

    def intents(self) -> list[Intent]:
        """Every step's last intent, settled or not."""
        paths = sorted(self._intents.glob("0x*.json")) if self._intents.is_dir() else []
        return [Intent.read(path.read_text(), path.name) for path in paths]

    def open_intents(self) -> list[Intent]:
        """Intents that no record has settled, by sender and nonce."""
        found = self.intents()
        settled = {(one.action.step_id, one.tx) for one in self._whatever_stands()}
        return sorted(
            (one for one in found if (one.action.step_id, one.tx) not in settled),
            key=lambda one: (one.action.sender, one.nonce, one.last_height),
        )

    def left(self, step_id: str) -> tuple[Records, Intent]:
        """The intent of a step that no record has settled, and its journal; InputError where the step has none."""
        for journal in self.journals():
            for intent in journal.open_intents():
                if intent.action.step_id == step_id:
                    return journal, intent
        raise InputError("has no open intent", field="step", value=step_id)

    @property
    def is_whole(self) -> bool:
        """Whether no run was stopped here: every intent is settled, and no file was being written."""
        folders = (self.folder, self._intents, self.layout_path("").parent)
        return not self.open_intents() and not any(any(one.glob(f"*{files.TEMPORARY}")) for one in folders)
