"""The solver that halmos asks: yices, and where it gives up (products, quotients) cvc5 over integers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

YICES_SECONDS = 20
CVC5_MILLISECONDS = 600_000


def yices(query: str) -> str:
    """What yices answers; "" when its time is up."""
    binary = Path(sys.executable).parent / "yices-smt2"
    try:
        run = subprocess.run(
            [binary, "--smt2-model-format", "--bvconst-in-decimal", query],
            capture_output=True,
            text=True,
            timeout=YICES_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return run.stdout if run.stdout.startswith(("sat", "unsat")) else ""


def cvc5(query: str) -> str:
    """What cvc5 answers when it takes bit vectors for integers."""
    import cvc5 as library

    terms = library.TermManager()
    solver = library.Solver(terms)
    for option, value in {
        "solve-bv-as-int": "sum",
        "produce-models": "true",
        "tlimit": str(CVC5_MILLISECONDS),
    }.items():
        solver.setOption(option, value)
    parser = library.InputParser(solver)
    parser.setFileInput(library.InputLanguage.SMT_LIB_2_6, query)
    said: list[str] = []
    while not (command := parser.nextCommand()).isNull():
        said.append(str(command.invoke(solver, parser.getSymbolManager())))
    return "".join(said)


if __name__ == "__main__":
    path = sys.argv[-1]
    sys.stdout.write(yices(path) or cvc5(path))
