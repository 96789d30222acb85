"""Plant faults in the model, the contracts and the program, and see that a test finds each (``make mutants``).

Each fault is one line, replaced in a copy of the project. The state machine looks for it, or the test of an incident
that the fault would bring back. What looks first passes on an unchanged copy; then it must fail on every mutant, by an
assertion and not by code that does not compile. Exit 1 if one survives.

    tools/mutants.py [model | contracts | program]
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scrip.evm.compiled.artifacts import source

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("contracts", "scrip", "tests", "data", "pyproject.toml")
PROGRAM_COPIED = (*COPIED, "programs", "tools", "Cargo.toml", "Cargo.lock", "target/idl")
EXAMPLES = 60
"""Of the machine, whichever test runs it."""
TIMEOUT = 900
FAILED = re.compile(r"^E +(assert |AssertionError|Failed: DID NOT RAISE)", re.MULTILINE)
"""How pytest tells that what was expected did not happen, as against code that did not run."""


@dataclass(frozen=True)
class Mutant:
    """A fault: `before` stands exactly once in `file`. `incident` is the test that finds it; "": the machine does."""

    name: str
    file: str
    before: str
    after: str
    incident: str = ""


def _place(stem: str) -> str:
    """Where a contract or a module stands in the project and in a copy of it."""
    return source(stem).relative_to(ROOT).as_posix()


CONTRACTS = (
    Mutant(
        "rounding up: a balance shows one unit of a share too many",
        _place("token_multiplier"),
        "    return raw * self._multiplier() // WAD\n",
        "    return (raw * self._multiplier() + WAD - 1) // WAD\n",
    ),
    Mutant(
        "stale clearance: a block is not pushed to the stocks",
        _place("investor_records"),
        "    self._rewrite(investor, self.investors[investor] | ww.INVESTOR_BLOCKED, True)\n",
        "    self._rewrite(investor, self.investors[investor] | ww.INVESTOR_BLOCKED, False)\n",
    ),
    Mutant(
        "pending applied early: a change counts from the moment it is scheduled",
        _place("token_multiplier"),
        "    return at != 0 and at <= block.timestamp\n",
        "    return at != 0\n",
    ),
    Mutant(
        "quote used twice: the market forgets the quotes that it has honoured",
        _place("PrimaryMarket"),
        "    self.quoteUsed[quote.id] = True\n",
        "",
    ),
    Mutant(
        "wrong denominator: a dividend is reinvested at the price with the dividend still in it",
        _place("multiplier_math"),
        "    return index * (price + net) // price\n",
        "    return index * (price + 2 * net) // (price + net)\n",
    ),
)


NEIGHBOUR = "receivable_kept_its_neighbours_rise"
TOGETHER = "dividend_and_its_shares_counted_together"
ENDLESS = "receivable_without_an_end"
UNDECIDED = "minted_between_ex_and_schedule"
FOLDED = "fold_cancelled_in_its_second"
STALE = "receivable kept: what a dividend buys is not derived anew when its slot changes"
DOUBLE = "shares and receivable: a dividend counts until its grace is over, whatever an answer shows"
REDEEMED = "redeemed units: a receivable counts on them when they are minted again"
CENTURY = "no end: a dividend may be paid in another century"
OPEN_EX = "open ex: units are minted before anybody has decided on what was announced"
RECEIVABLES = _place("reserve_receivables")
CONTRACTS_INCIDENTS = (
    Mutant(
        STALE,
        RECEIVABLES,
        "words[place] = kept | delta | min(",
        "words[place] = kept | (word & _DELTA_MASK) | min(",
        NEIGHBOUR,
    ),
    Mutant(
        DOUBLE,
        RECEIVABLES,
        "        if block.timestamp < until and as_of < until - ((word >> _BUY_SHIFT) & _U24):\n",
        "        if block.timestamp < until and as_of < max_value(uint256):\n",
        TOGETHER,
    ),
    Mutant(
        REDEEMED,
        _place("ReserveFeed"),
        "    receivables._keep_mark(msg.sender, config, before)\n",
        "    receivables._keep_mark(msg.sender, config, supply)\n",
        TOGETHER,
    ),
    Mutant(
        CENTURY,
        _place("action_terms"),
        "pay <= min(effective_at + MAX_PAY_DELAY, mm.MAX_U40)",
        "pay <= mm.MAX_U40",
        ENDLESS,
    ),
    Mutant(
        OPEN_EX,
        RECEIVABLES,
        "    return config & _EX_FLAG != 0 and self.open[token].ex <= block.timestamp\n",
        "    return False\n",
        UNDECIDED,
    ),
    Mutant(
        "fold taken back: it is cancelled when the reserve's basis has followed it",
        _place("CorporateActions"),
        " and records._kind(head) != records.FOLD,",
        ",",
        FOLDED,
    ),
)
MODEL = (
    Mutant(
        STALE,
        "scrip/model/state/receivables.py",
        "replace(before, delta=delta, supply=",
        "replace(before, supply=",
        NEIGHBOUR,
    ),
    Mutant(
        DOUBLE,
        "scrip/model/state/receivables.py",
        "        return now < self.until and as_of < self.buy\n",
        "        return now < self.until\n",
        TOGETHER,
    ),
    Mutant(
        REDEEMED,
        "scrip/model/market.py",
        "    token.feed.receivables = marked(",
        "    marked(",
        TOGETHER,
    ),
    Mutant(
        CENTURY,
        "scrip/model/actions.py",
        "<= min(action.effective_at + MAX_PAY_DELAY, law.U40_MAX)",
        "<= law.U40_MAX",
        ENDLESS,
    ),
    Mutant(
        OPEN_EX,
        "scrip/model/state/reserve.py",
        "        if ex != 0 and ex <= now:\n",
        "        if ex != 0 and ex > now + ex:\n",
        UNDECIDED,
    ),
)


SOURCE = "programs/stock-token/src"
PROGRAM = (
    Mutant(
        "rounding up: a balance shows one unit of a share too many",
        f"{SOURCE}/math.rs",
        "    mul_div(raw, multiplier, WAD)\n",
        "    mul_div_up(raw, multiplier, WAD)\n",
    ),
    Mutant(
        "stale clearance: a lapse counts a day late",
        f"{SOURCE}/state/investor.rs",
        "now < self.expiry)",
        "now < self.expiry.saturating_add(86_400))",
    ),
    Mutant(
        "pending applied early: a change counts from the moment it is scheduled",
        f"{SOURCE}/state/multiplier.rs",
        "        self.effective_at != 0 && now >= self.effective_at\n",
        "        self.effective_at != 0 && now > 0\n",
    ),
    Mutant(
        "quote used twice: the market forgets the quotes that it has honoured",
        f"{SOURCE}/accounts/market.rs",
        "create_with(&self.account, &self.used_quote, &self.system_program, &used, &[QUOTE, &quote.id, &[bump]])",
        "let _ = used;\n        Ok(())",
    ),
    Mutant(
        "wrong denominator: a dividend is reinvested at the price with the dividend still in it",
        f"{SOURCE}/math.rs",
        "    index.checked_add(mul_div(index, net, price)?)",
        "    index.checked_add(mul_div(index, net, price.checked_add(net)?)?)",
    ),
)
PROGRAM_INCIDENTS = (
    Mutant(
        STALE,
        f"{SOURCE}/state/receivables.rs",
        "(one.delta, one.supply) = ((*delta).min(MAX_RECEIVABLE_DELTA), one.supply.min(supply));",
        "(one.delta, one.supply) = ((*delta).min(MAX_RECEIVABLE_DELTA).max(one.delta), one.supply.min(supply));",
        NEIGHBOUR,
    ),
    Mutant(
        DOUBLE,
        f"{SOURCE}/state/receivables.rs",
        "filter(|one| now < one.until && as_of < one.buy)",
        "filter(|one| now < one.until && as_of < i64::MAX)",
        TOGETHER,
    ),
    Mutant(
        REDEEMED,
        f"{SOURCE}/instructions/market/mint.rs",
        "    accounts.reserve.receivables.mark(mint.supply, now);\n",
        "    accounts.reserve.receivables.mark(supply, now);\n",
        TOGETHER,
    ),
    Mutant(
        CENTURY,
        f"{SOURCE}/instructions/actions/announce_action.rs",
        "self.effective_at.saturating_add(MAX_PAY_DELAY)",
        "self.effective_at.saturating_mul(MAX_PAY_DELAY)",
        ENDLESS,
    ),
    Mutant(
        OPEN_EX,
        f"{SOURCE}/state/receivables.rs",
        "        self.exes.iter().any(|ex_at| *ex_at <= now)\n",
        "        self.exes.iter().any(|ex_at| *ex_at < 0 && now > 0)\n",
        UNDECIDED,
    ),
)


def plant(mutant: Mutant, copy: Path) -> str:
    """Replace the line and return the old text; an error unless it stands exactly once, or nothing would be tested."""
    target = copy / mutant.file
    text = target.read_text()
    if text.count(mutant.before) != 1:
        sys.exit(f"{mutant.file}: the line of «{mutant.name}» stands {text.count(mutant.before)} times, not once")
    target.write_text(text.replace(mutant.before, mutant.after))
    return text


def copy_project(names: tuple[str, ...], copy: Path) -> None:
    """Copy what the tests need."""
    for name in names:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, copy / name)


def run_in(copy: Path, command: list[str], **environment: str) -> tuple[bool, str]:
    """Whether a command succeeds in the copy, and its output."""
    variables = os.environ | {"PYTHONPATH": str(copy)} | environment
    done = subprocess.run(
        [sys.executable, *command],
        cwd=copy,
        env=variables,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    return done.returncode == 0, done.stdout + done.stderr


def look(copy: Path, *tests: str) -> tuple[bool, str]:
    """Whether tests, of the machine or of incidents, pass in the copy, and their output."""
    command = ["-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
    examples = {"SCRIP_MACHINE_EXAMPLES": str(EXAMPLES), "SCRIP_MACHINE_ALL_EXAMPLES": str(EXAMPLES)}
    return run_in(copy, command, SCRIP_MACHINE_FAST_FAIL="1", **examples)


def tests_of(mutant: Mutant | None, mutants: tuple[Mutant, ...], machine: str, side: str) -> list[str]:
    """What looks for a mutant; on an unchanged copy all that looks for any. `side` is that of the three ledgers."""
    sought = mutants if mutant is None else (mutant,)
    incidents = sorted({one.incident for one in sought} - {""})
    files = [f"tests/incidents/test_{name}.py" for name in incidents]
    others = [one for one in ("model", "contracts", "program") if one != side]
    chosen = [*files, "-k", " and ".join(f"not {one}" for one in others)] if files else []
    return [*([machine] if any(not one.incident for one in sought) else []), *chosen]


def try_model(mutant: Mutant | None) -> tuple[bool, bool, str]:
    """Whether it runs, whether the tests pass, and their output: on a fresh copy with this fault."""
    return _try_fresh(mutant, MODEL, "", "model")


def try_contracts(mutant: Mutant | None) -> tuple[bool, bool, str]:
    """The same for the contracts."""
    return _try_fresh(mutant, (*CONTRACTS, *CONTRACTS_INCIDENTS), "tests/machine/test_evm_agrees.py", "contracts")


def _try_fresh(mutant: Mutant | None, mutants: tuple[Mutant, ...], machine: str, side: str) -> tuple[bool, bool, str]:
    with tempfile.TemporaryDirectory(prefix="scrip-mutant-") as folder:
        copy = Path(folder)
        copy_project(COPIED, copy)
        if mutant is not None:
            plant(mutant, copy)
        passed, output = look(copy, *tests_of(mutant, mutants, machine, side))
        return "CompilerPanic" not in output, passed, output


def try_program(mutant: Mutant | None, copy: Path) -> tuple[bool, bool, str]:
    """The same for the program. One copy serves all mutants, so that only the first build takes long."""
    before = plant(mutant, copy) if mutant is not None else ""
    built, output = run_in(copy, ["tools/program", "--offline", "--no-idl"])
    passed = False
    if built:
        tests = tests_of(mutant, (*PROGRAM, *PROGRAM_INCIDENTS), "tests/machine/test_all_agree.py", "program")
        passed, output = look(copy, *tests)
    if mutant is not None:
        (copy / mutant.file).write_text(before)
    return built, passed, output


def hunt(what: str, mutants: tuple[Mutant, ...], attempt: Callable[[Mutant | None], tuple[bool, bool, str]]) -> bool:
    """Try the unchanged copy and every mutant; whether the first passes and all others are found."""
    print(
        f"{what}: what looks for faults on an unchanged copy ({EXAMPLES} examples), then {len(mutants)} mutants",
        flush=True,
    )
    _, passed, output = attempt(None)
    if not passed:
        print(output[-4000:])
        print("the unchanged copy fails: nothing can be said of the mutants")
        return False
    survivors = 0
    for mutant in mutants:
        started = time.monotonic()
        built, passed, output = attempt(mutant)
        found = built and not passed and FAILED.search(output) is not None
        survivors += not found
        verdict = "found" if found else "SURVIVED" if passed else "BROKE THE BUILD"
        print(f"{verdict:>15}  {mutant.name}  ({time.monotonic() - started:.0f} s)", flush=True)
        if not found:
            print(output[-2000:])
    print(f"{len(mutants) - survivors} of {len(mutants)} found", flush=True)
    return survivors == 0


def main() -> int:
    """Run all, or the kind that is named; 0 when the unchanged copies pass and every mutant is found."""
    kinds = sys.argv[1:] or ["model", "contracts", "program"]
    good = "model" not in kinds or hunt("model", MODEL, try_model)
    if "contracts" in kinds:
        good &= hunt("contracts", (*CONTRACTS, *CONTRACTS_INCIDENTS), try_contracts)
    if "program" in kinds:
        with tempfile.TemporaryDirectory(prefix="scrip-mutant-") as folder:
            copy = Path(folder)
            copy_project(PROGRAM_COPIED, copy)
            good &= hunt("program", (*PROGRAM, *PROGRAM_INCIDENTS), lambda mutant: try_program(mutant, copy))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
