"""What was planted and found by no test that was meant for it (see mutants.py), with the few tests that find it now.

Most tests had looked at a part of a value: an event by its name, a state without some of its fields, a mode in the end.
"""

from __future__ import annotations

from mutants_planted import Mutant, place

WHOLE = ("tests/contracts/test_contract_events.py",)
MACHINE = ("tests/machine/test_evm_agrees.py",)
REGISTRY = place("ComplianceRegistry").rpartition("/")[0]

ELSEWHERE = (
    Mutant(
        "dug from the wrong end: what is seized leaves the lock-up that ends first",
        "scrip/model/laws/lockups.py",
        "    kept = []\n    for tranche in running(lockups, now):\n",
        "    kept: list[Tranche] = []\n    for tranche in reversed(running(lockups, now)):\n",
        tests=MACHINE,
    ),
    Mutant(
        "answer unmasked: a view takes the registry's word for bits that are the stock's own",
        place("clearance"),
        "    record: uint256 = staticcall s.REGISTRY.record(account)\n"
        "    return word | (record & aw.REGISTRY_BITS) | (config & aw.EPOCH_MASK)\n",
        "    record: uint256 = staticcall s.REGISTRY.record(account)\n"
        "    return word | record | (config & aw.EPOCH_MASK)\n",
        tests=("tests/incidents/test_registry_pitfalls.py",),
    ),
    Mutant(
        "open for a moment: a record is everybody's until its mode is set",
        "scrip/records/files.py",
        "os.O_EXCL, mode)\n",
        "os.O_EXCL, 0o666)\n    os.fchmod(descriptor, mode)\n",
        tests=("tests/records/test_files.py",),
    ),
    Mutant(
        "two of one: a ceiling is moved between two objects of one chain",
        "scrip/multichain/ceilings.py",
        "        if chain_of(self.source) == chain_of(self.target):\n",
        "        if self.source is self.target:\n",
        tests=("tests/multichain/test_ceiling_moves.py",),
    ),
    Mutant(
        "one block short: what a stopped run left is recorded before it is final",
        "scrip/evm/rpc/node.py",
        "        while finality and self.block().number < number + finality:\n",
        "        while finality and self.block().number < number + finality - 1:\n",
        tests=("tests/executor/test_disagreements.py::test_nothing_is_recorded_before_it_is_final",),
    ),
    Mutant(
        "country ignored: a rule asks for the class alone",
        "scrip/holder_limits.py",
        "        return investor_class in self.classes and country in self.countries\n",
        "        return investor_class in self.classes\n",
        tests=(
            "tests/model/test_model_stock_rules.py::test_both_admit_whom_each_admits",
            "tests/model/test_model_holder_limits.py::test_a_profile_is_judged_by_the_rules_at_once",
        ),
    ),
)
PROGRAM: tuple[Mutant, ...] = ()
