"""The machine-readable report of a replay, and files that are either whole or not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from scrip.ledger import Receipt
from scrip.replay import theoretical
from scrip.replay.prices import SOURCE
from scrip.replay.result import LIMIT, Outcome, Result
from scrip.units import format_fixed

EXACT = 2**53
"""Integers from here on are written as decimal strings: a JSON reader may hold numbers as doubles."""


def number(value: int) -> int | str:
    """An integer as JSON carries it without loss."""
    return value if abs(value) < EXACT else str(value)


def publish(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file beside `path` and rename it last; on failure neither file is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}.partial{path.suffix}")
    try:
        write(temporary)
        temporary.replace(path)
    except BaseException:
        discard(temporary, path)
        raise


def discard(*paths: Path) -> None:
    """Remove files that may be there."""
    for path in paths:
        with suppress(FileNotFoundError):
            path.unlink()


def render(result: Result, seconds: float) -> dict[str, object]:
    """The report as plain JSON values. `seconds` is how long the run took."""
    timeline = result.timeline
    chains = [name for name in result.finals if name != "model"]
    final: dict[str, object] = {
        name: {
            "supply_raw": str(state.supply.value),
            "balances_raw": {account: str(units.value) for account, units in state.balances.items()},
            "stablecoin": {account: str(amount) for account, amount in state.stablecoin.items()},
        }
        for name, state in result.finals.items()
    }
    coverage = next(iter(result.finals.values())).coverage
    final["reserve"] = {
        "attested_shares": result.attested,
        "after_margin_shares": format_fixed(coverage.attested, 18),
        "required_shares": format_fixed(coverage.required, 18),
    }
    deviation = {name: result.deviation(name) for name in result.finals}
    if result.in_cash:
        more: dict[str, object] = {"payout": "cash"}
        deviation["wealth"] = max(deviation.values())
    else:
        more = {"deviation_theoretical": dict.fromkeys(result.finals, theoretical.deviation(timeline))}
    return more | {
        "schema": 1,
        "complete": True,
        "stock": timeline.stock.ticker,
        "isin": timeline.stock.isin,
        "source": SOURCE,
        "days": len(timeline.days),
        "seconds": round(seconds, 1),
        "deviation": deviation | {"limit": LIMIT},
        "coverage": {"lowest": None if result.lowest_coverage is None else float(result.lowest_coverage)},
        "actions": [_action(outcome, chains) for outcome in result.outcomes],
        "refusals": [
            {"chain": r.ledger, "step": r.step, "to": r.to, "reason": r.reason, "detail": r.detail}
            for r in result.refusals
            if r.ledger in chains
        ],
        "final": final,
    }


def _action(outcome: Outcome, chains: list[str]) -> dict[str, object]:
    action, event = outcome.action, outcome.action.event
    gross = f"{event.gross:.2f}"
    terms: dict[str, object]
    if event.is_split:
        terms = {"num": number(event.num), "den": number(event.den)}
    else:
        # In cash nothing is struck: the close is where the reader reinvests.
        terms = {"gross": gross, "withheld": "0", "net": gross, "price": str(event.close)}
    entry: dict[str, object] = {
        "id": action.number,
        "code": action.code,
        "ex": event.ex.isoformat(),
        "effective": action.effective,
        "terms": terms,
        "multiplier": {
            name: {"num": number(state.num), "den": number(state.den), "index": str(state.index)}
            | ({"f64": outcome.shown[name]} if name in outcome.shown else {})
            for name, state in outcome.multiplier.items()
        },
        "tx": {
            name: [receipt.tx for receipts in outcome.steps.values() if (receipt := receipts[name]).tx]
            for name in chains
        },
    }
    for key, cost in (("gas", _gas), ("cu", _compute_units)):
        costs = {
            step: value
            for step, receipts in outcome.steps.items()
            if (value := next((cost(r) for r in receipts.values() if cost(r) is not None), None)) is not None
        }
        if costs:
            entry[key] = costs
    return entry


def _gas(receipt: Receipt) -> int | None:
    return receipt.gas


def _compute_units(receipt: Receipt) -> int | None:
    return receipt.compute_units


def write(result: Result, seconds: float, path: Path) -> None:
    """Publish the report: sorted keys, two-space indent."""
    text = json.dumps(render(result, seconds), indent=2, sort_keys=True) + "\n"
    publish(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
