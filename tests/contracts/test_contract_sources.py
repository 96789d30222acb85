"""What every contract's source must keep to, whatever it does."""

import re

from scrip.evm.compiled.artifacts import CONTRACTS

ASSERTION = re.compile(r"^ +(assert .*|raise .*|refusals\..*)$", re.MULTILINE)
NAMED = re.compile(r'(?:^raise|^refusals\._refuse\(|, ?)\s*"([a-z]+: [A-Za-z0-9 ]+)"\)?$')
PASSED_ON = "assert holds, reason"
"""What `refusals` says, for those that call it."""
SNEKMATES = ', "timelock_controller: '
"""What the Timelock refuses as the module below it does, in its words."""


def test_every_refusal_has_a_name_of_at_most_32_bytes() -> None:
    """It reads "module: reason" and stands on the line of the assert, or of the call that asserts."""
    names = set()
    for source in sorted(CONTRACTS.rglob("*.vy")):
        if "mocks" in source.parts:
            continue
        for statement in ASSERTION.findall(source.read_text()):
            if (source.stem, statement) == ("refusals", PASSED_ON) or SNEKMATES in statement:
                continue
            named = NAMED.search(statement)
            assert named, f"{source.name}: {statement}"
            assert len(named[1].encode()) <= 32, f"{source.name}: {named[1]}"
            names.add(named[1])
    assert {"token: halted", "registry: not a stock", "factory: isin taken", "keys: used"} <= names
