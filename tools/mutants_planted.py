"""What is planted (see mutants.py): a fault, and those that the state machine looks for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scrip.evm.compiled.artifacts import source

ROOT = Path(__file__).resolve().parent.parent
SOURCE = "programs/stock-token/src"


@dataclass(frozen=True)
class Mutant:
    """A fault: `before` stands exactly once in `file`.

    `incident` is the test that finds it, or `tests` are; where there are neither, the machine does.
    """

    name: str
    file: str
    before: str
    after: str
    incident: str = ""
    tests: tuple[str, ...] = ()


def place(stem: str) -> str:
    """Where a contract or a module stands in the project and in a copy of it."""
    return source(stem).relative_to(ROOT).as_posix()


CONTRACTS = (
    Mutant(
        "rounding up: a balance shows one unit of a share too many",
        place("token_multiplier"),
        "    return raw * self._multiplier() // WAD\n",
        "    return (raw * self._multiplier() + WAD - 1) // WAD\n",
    ),
    Mutant(
        "stale clearance: a block is not pushed to the stocks",
        place("investor_records"),
        "    self._rewrite(investor, self.investors[investor] | ww.INVESTOR_BLOCKED, True)\n",
        "    self._rewrite(investor, self.investors[investor] | ww.INVESTOR_BLOCKED, False)\n",
    ),
    Mutant(
        "pending applied early: a change counts from the moment it is scheduled",
        place("token_multiplier"),
        "    return at != 0 and at <= block.timestamp\n",
        "    return at != 0\n",
    ),
    Mutant(
        "quote used twice: the market forgets the quotes that it has honoured",
        place("market_quotes"),
        "    self.quoteBitmap[signer][nonce >> 8] = word | bit\n",
        "",
    ),
    Mutant(
        "a bucket that leaks too fast: each touch drains the part of a cent that was not due",
        place("market_limits"),
        "        gross = unsafe_sub(gross, leak) if leak < gross else 0\n",
        "        gross = unsafe_sub(gross, leak + 1) if leak + 1 < gross else 0\n",
        tests=("tests/contracts/market/test_market_limits.py",),
    ),
    Mutant(
        "an epoch ignored: the market honours quotes after their signer has revoked them all",
        place("PrimaryMarket"),
        "    if quote.epoch != market_quotes.quoteEpoch[signer]:\n",
        "    if False:\n",
    ),
    Mutant(
        "wrong denominator: a dividend is reinvested at the price with the dividend still in it",
        place("multiplier_math"),
        "    return index * (price + net) // price\n",
        "    return index * (price + 2 * net) // (price + net)\n",
    ),
)

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
