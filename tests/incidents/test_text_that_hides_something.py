"""One name in two spellings was two investors, and an escape sequence in a CSV reached the officer's screen as it was.

One reader takes all that operators write: composed form, and nothing of which nobody sees a mark.
"""

import json
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.network_cli import groups

from scrip.errors import InputError
from scrip.evm.safe.document import Document
from scrip.flows import attestations
from scrip.inputs.batch import read_links, read_newcomers, read_renewals
from scrip.inputs.reading.text import plain
from scrip.manifest.load import load
from scrip.replay.events import read_events

MANIFESTS = Path(__file__).resolve().parents[2] / "manifests"
COMPOSED, TAKEN_APART = (unicodedata.normalize(form, "Müller") for form in ("NFC", "NFD"))
HIDDEN = {
    "\x1b": "U+001B (ESCAPE)",
    "\u202e": "U+202E (RIGHT-TO-LEFT OVERRIDE)",
    "\u200b": "U+200B (ZERO WIDTH SPACE)",
    "\u200d": "U+200D (ZERO WIDTH JOINER)",
    "\u2060": "U+2060 (WORD JOINER)",
    "\ufeff": "U+FEFF (ZERO WIDTH NO-BREAK SPACE)",
    "\xad": "U+00AD (SOFT HYPHEN)",
    "\xa0": "U+00A0 (NO-BREAK SPACE)",
    "\u2028": "U+2028 (LINE SEPARATOR)",
    "\x07": "U+0007 (a control character)",
    "\x9b": "U+009B (a control character)",
    "\ufe0f": "U+FE0F (VARIATION SELECTOR-16)",
    "\u3164": "U+3164 (HANGUL FILLER)",
    "\u2066": "U+2066 (LEFT-TO-RIGHT ISOLATE)",
    "\U000e0041": "U+E0041 (TAG LATIN CAPITAL LETTER A)",
    "\ue000": "U+E000 (no character)",
}


@pytest.mark.parametrize("one", HIDDEN, ids=list(HIDDEN.values()))
def test_what_nobody_sees_is_refused_by_its_name_and_place(one: str) -> None:
    with pytest.raises(InputError) as caught:
        plain(f"inv{one}-1", "investor")
    assert caught.value.message == f"holds {HIDDEN[one]} at character 4, which nobody sees"
    assert one not in str(caught.value)


@pytest.mark.parametrize("text", ["inv-0001", "Müller & Söhne", "株式会社", "שלום", "Ελλάδα", "a  b", ""])
def test_what_everybody_sees_is_taken(text: str) -> None:
    assert plain(text) == text


def test_one_name_is_one_investor_however_it_is_typed(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(f"investor,expiry\n{TAKEN_APART},2030-01-01\n")
    ((_, row),) = read_renewals(path).rows
    assert row.investor == COMPOSED
    path.write_text(f"investor,expiry\n{TAKEN_APART},2030-01-01\n{COMPOSED},2031-01-01\n")
    with pytest.raises(InputError, match=r"r\.csv:3: investor: stands in line 2 already"):
        read_renewals(path)


@pytest.mark.parametrize("one", ["\x1b[2K", "\u202e", "\u200b"])
def test_no_batch_file_hides_anything(tmp_path: Path, one: str) -> None:
    path, wallet = tmp_path / "b.csv", "0x" + "11" * 20
    for read, text in (
        (read_newcomers, f"investor,wallet,country,class,expiry\ni-0,{wallet},CH,retail,2030-01-01{one}\n"),
        (read_renewals, f"investor,expiry\ni-{one}1,2030-01-01\n"),
        (read_links, f"investor,wallet\ni-{one}1,{wallet}\n"),
    ):
        path.write_text(text)
        with pytest.raises(InputError, match=rf"b\.csv:2: holds U\+{ord(one[0]):04X} \(") as caught:
            read(path)
        assert one[0] not in str(caught.value)


def test_a_cell_of_two_lines_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text('investor,expiry\n"i-1\ni-2",2030-01-01\n')
    with pytest.raises(InputError, match=r"holds U\+000A \(LINE FEED\)"):
        read_renewals(path)


@pytest.mark.parametrize("written", ["Example\u202e AG", '"Example\\u202e AG"', '"Example\\e AG"'])
def test_no_manifest_hides_anything_escaped_or_not(tmp_path: Path, written: str) -> None:
    path = tmp_path / "local.yaml"
    text = (MANIFESTS / "local.yaml").read_text().replace("issuer: Example Securities AG", f"issuer: {written}")
    path.write_text(text)
    line = text.splitlines().index(f"issuer: {written}") + 1
    with pytest.raises(InputError, match=rf"local\.yaml:{line}: .*U\+") as caught:
        load(path)
    assert "\u202e" not in str(caught.value)


def test_a_manifests_names_are_composed(tmp_path: Path) -> None:
    (tmp_path / "presets").mkdir()
    for preset in (MANIFESTS / "presets").glob("*.yaml"):
        (tmp_path / "presets" / preset.name).write_text(preset.read_text())
    path = tmp_path / "local.yaml"
    path.write_text((MANIFESTS / "local.yaml").read_text().replace("Example Securities AG", TAKEN_APART))
    assert load(path).issuer == COMPOSED


def test_no_file_of_events_hides_anything(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text("code,ex,close,num,den,gross\nSPLF,2004-11-15,\u202e,2,1,\n")
    with pytest.raises(InputError, match=r"e\.csv:2: holds U\+202E"):
        read_events(path)


def test_no_option_hides_anything() -> None:
    for line in (
        ["compliance", "block", "i\u202e-1", "--reason", "1", "--document", "d"],
        ["compliance", "block", "i-1", "--reason", "1", "--document", "d\x1b[2K"],
        ["compliance", "block", "i-1", "--reason", "1", "--document", "d", "--reference", "r\u200b"],
        ["action", "show", "MSFT", "SPLF", "split\u2028"],
        ["deploy", "show", "--network", "lo\u200bcal"],
        ["compliance", "renew", "file\x1b.csv"],
        ["safe", "show", "--network", "local", "p\u202e.json"],
    ):
        found = CliRunner(mix_stderr=False).invoke(groups()[line[0]], line[1:])
        assert found.exit_code == 64, (line, found.output)
        assert not {"\u202e", "\x1b", "\u200b", "\u2028"} & set(found.stderr), line


def test_an_option_is_composed(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    command = groups()["compliance"].commands["block"]
    monkeypatch.setattr(command, "callback", lambda **options: seen.append((options["investor"], options["document"])))
    line = ["block", TAKEN_APART, "--reason", "1", "--document", TAKEN_APART]
    assert CliRunner().invoke(groups()["compliance"], line).exit_code == 0
    assert seen == [(COMPOSED, COMPOSED)]


def test_no_file_of_an_attestation_hides_anything(tmp_path: Path) -> None:
    at = "0x" + "11" * 20
    made = attestations.Attested(
        "i-\u202e1", at, 756, "retail", 1_900_000_000, "case", 1_800_000_000, at, 1, at, "0x" + "11" * 65
    )
    attestations.write(made, tmp_path / "a.json")
    with pytest.raises(InputError, match=r"investor: .*holds U\+202E"):
        attestations.read(tmp_path / "a.json")


def test_no_line_of_a_proposal_hides_anything() -> None:
    """Its titles, and the values that its calls are said to carry."""
    schema = json.dumps(Document.model_json_schema())
    assert '"maxLength": 1000' in schema
    from pydantic import TypeAdapter, ValidationError

    from scrip.evm.safe.document import Line, Shown

    for kind in (Line, Shown):
        for one in ("a\u202eb", "a\u200bb", TAKEN_APART):
            with pytest.raises(ValidationError):
                TypeAdapter(kind).validate_python(one)
