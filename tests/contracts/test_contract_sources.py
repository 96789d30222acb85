"""What every contract's source must keep to, whatever it does."""

import re

from scrip.evm.compiled.artifacts import CONTRACTS

ASSERTION = re.compile(r"^ +(assert .*|raise .*)$", re.MULTILINE)
NAMED = re.compile(r'(?:^raise|, ?)\s*"([a-z]+: [A-Za-z0-9 ]+)"$')


def test_every_refusal_has_a_name_of_at_most_32_bytes() -> None:
    """It reads "module: reason" and stands on the line of the assert."""
    names = set()
    for source in sorted(CONTRACTS.rglob("*.vy")):
        if "mocks" in source.parts:
            continue
        for statement in ASSERTION.findall(source.read_text()):
            named = NAMED.search(statement)
            assert named, f"{source.name}: {statement}"
            assert len(named[1].encode()) <= 32, f"{source.name}: {named[1]}"
            names.add(named[1])
    assert {"token: halted", "registry: not a stock", "factory: isin taken", "keys: used"} <= names
