"""What was planted and found by no test that was meant for it (see mutants.py), with the few tests that find it now.

Most tests had looked at a part of a value: an event by its name, a state without some of its fields, a mode in the end.
"""

from __future__ import annotations

from mutants_planted import SOURCE, Mutant, place

JOURNAL = ("tests/records/test_journal.py",)
DECIDED = ("tests/multichain/test_decisions.py",)
DISAGREEMENTS = "tests/executor/test_disagreements.py"
SECOND = "tests/chains/test_opening.py"
LINK = "(one.number, one.previous, one.subject) != (place, previous, self.subject)"
SAID = ("tests/contracts/test_contract_events.py",)
TOLD = ("tests/solana/test_program_events.py",)
ORDERS = f"{SOURCE}/instructions"


def said(name: str, stem: str, before: str, after: str) -> Mutant:
    """A contract's event with a field that is not what happened."""
    return Mutant(name, place(stem), before, after, tests=SAID)


def told(name: str, file: str, before: str, after: str) -> Mutant:
    """The same of the program."""
    return Mutant(name, f"{ORDERS}/{file}.rs", before, after, tests=TOLD)


PYTHON = (
    Mutant(
        "dug from the wrong end: what is seized leaves the lock-up that ends first",
        "scrip/model/laws/lockups.py",
        "    for tranche in running(lockups, now):\n        taken = min(amount, tranche.amount)\n"
        "        amount -= taken\n        if tranche.amount != taken:\n"
        "            kept.append(Tranche(tranche.until, tranche.amount - taken))\n    return tuple(kept)\n",
        "    for tranche in reversed(running(lockups, now)):\n        taken = min(amount, tranche.amount)\n"
        "        amount -= taken\n        if tranche.amount != taken:\n"
        "            kept.append(Tranche(tranche.until, tranche.amount - taken))\n    return tuple(reversed(kept))\n",
        tests=("tests/model/test_model_lockups.py",),
    ),
    Mutant(
        "open for a moment: a record is everybody's until its mode is set",
        "scrip/records/files.py",
        "os.O_EXCL, mode)\n",
        "os.O_EXCL, 0o666)\n    os.fchmod(descriptor, mode)\n",
        tests=("tests/records/test_files.py",),
    ),
    Mutant(
        "nodes always agree: what is hard to undo is sent, and shown, as one node says",
        "scrip/chains/agreement.py",
        "        if said[0] != said[1]:\n",
        "        if False:\n",
        tests=(
            f"{SECOND}::test_what_is_hard_to_undo_is_sent_where_both_nodes_say_the_same",
            f"{SECOND}::test_what_people_decide_on_is_shown_where_both_nodes_say_the_same",
        ),
    ),
    Mutant(
        "nodes always agree: what became of a transaction is recorded as one node says",
        "scrip/executor/witness.py",
        "        if (other := found.get(field)) != value:\n",
        "        if (other := found.get(field)) is None:\n",
        tests=(f"{SECOND}::test_nothing_is_recorded_that_a_second_node_has_otherwise",),
    ),
    Mutant(
        "nodes always agree: several networks do what one node of each says",
        "scrip/multichain/networks.py",
        "        if self.network.witness is None:\n",
        "        if True:\n",
        tests=("tests/solana/test_second_nodes.py::test_what_a_second_node_of_solana_says_otherwise_is_named",),
    ),
    Mutant(
        "whoever signed: a device's answer is sent without a look at whose signature it is",
        "scrip/solana/signing/devices.py",
        "        if not signature.verify(self.key, message):\n",
        "        if False:\n",
        tests=("tests/solana/test_device_signers.py::test_nothing_is_sent_that_a_device_did_not_sign",),
    ),
    Mutant(
        "whatever was signed: a wallet's transaction is sent without a look at what it says",
        "scrip/evm/rpc/signers.py",
        "        if asked != found:\n",
        "        if False:\n",
        tests=("tests/evm/test_ape_signers.py::test_another_transaction_than_was_asked_for_is_refused_by_its_field",),
    ),
    Mutant(
        "two of one: a ceiling is moved between two objects of one chain",
        "scrip/multichain/ceilings.py",
        "        if chain_of(self.source) == chain_of(self.target):\n",
        "        if self.source is self.target:\n",
        tests=("tests/multichain/test_ceiling_moves.py::test_from_a_chain_to_itself_is_no_move",),
    ),
    Mutant(
        "lowered to what: a ceiling that somebody set in between is taken for the lowered one",
        "scrip/multichain/ceilings.py",
        "            if found != lowered.after:\n",
        "            if found == lowered.before:\n",
        tests=("tests/multichain/test_ceiling_moves.py::test_a_source_that_says_lowered_and_is_not_raises_nothing",),
    ),
    Mutant(
        "one block short: what a stopped run left is recorded before it is final",
        "scrip/evm/rpc/node.py",
        "        while finality and self.block().number < number + finality:\n",
        "        while finality and self.block().number < number + finality - 1:\n",
        tests=(f"{DISAGREEMENTS}::test_nothing_is_recorded_before_it_is_final",),
    ),
    *(
        Mutant(
            f"one block is enough: what a stopped run left is recorded before it is final, {when}",
            "scrip/executor/executor.py",
            f"            self.manager.wait_final(intent, landing)\n            {then}",
            f"            {then}",
            tests=(f"{DISAGREEMENTS}::test_what_another_operation_left_is_recorded_when_it_is_final",),
        )
        for when, then in (
            ("before the next operation", "self._learn(action.label, self._record(intent, landing))\n"),
            ("when it is given up", "return self._record(intent, landing)\n"),
        )
    ),
    Mutant(
        "confirmed is final: what a stopped run left on Solana is recorded at once",
        "scrip/solana/tx/manager.py",
        "        while not self.is_final(landing):\n",
        "        while False:\n",
        tests=("tests/solana/test_solana_executor.py::test_what_a_stopped_run_left_is_recorded_once_it_is_final",),
    ),
    *(
        Mutant(
            f"the usual grace: a preview reads the other settings of {chain} and not this one",
            f"scrip/{chain}/handlers/actions.py",
            before,
            after,
            tests=(f"tests/{test}::test_settings_that_are_not_the_usual_ones_are_read",),
        )
        for chain, before, after, test in (
            ("evm", ', Call(actions, "grace")', ', Call(actions, "withholdingBps")', "machine/test_state_is_read.py"),
            ("solana", "        settings.grace,\n", "", "solana/test_solana_state.py"),
        )
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
    Mutant(
        "an open folder: intents may be listed until its mode is set",
        "scrip/records/journal.py",
        "        self._intents.mkdir(mode=0o700, exist_ok=True)\n",
        "        self._intents.mkdir(exist_ok=True)\n        self._intents.chmod(0o700)\n",
        tests=JOURNAL,
    ),
    Mutant(
        "settled by another: a step's first attempt settles its second",
        "scrip/records/journal.py",
        " and one.tx == intent.tx for",
        " for",
        tests=JOURNAL,
    ),
    Mutant(
        "read once: what another process recorded in between is overlooked",
        "scrip/records/journal.py",
        "            self._kept = None\n            yield",
        "            yield",
        tests=JOURNAL,
    ),
    Mutant(
        "not on the disk: a network's folder is not synced",
        "scrip/records/journal.py",
        "        files.sync_folder(self.folder.parent)\n",
        "",
        tests=JOURNAL,
    ),
    Mutant(
        "half written: a record that is being written is whole",
        "scrip/records/journal.py",
        ' and not any(any(one.glob(f"*{files.TEMPORARY}")) for one in folders)',
        "",
        tests=JOURNAL,
    ),
    *(
        Mutant(
            f"unchained: the {what} of a decision is not looked at",
            "scrip/multichain/decisions.py",
            LINK,
            LINK.replace(before, after),
            tests=DECIDED,
        )
        for what, before, after in (
            ("number", "(place", "(one.number"),
            ("hash before it", " previous,", " one.previous,"),
            ("subject", "self.subject", "one.subject"),
        )
    ),
)
CONTRACTS = (
    Mutant(
        "answer unmasked: a view takes the registry's word for bits that are the stock's own",
        place("clearance"),
        "    record: uint256 = staticcall s.REGISTRY.record(account)\n"
        "    return word | (record & aw.REGISTRY_BITS) | (config & aw.EPOCH_MASK)\n",
        "    record: uint256 = staticcall s.REGISTRY.record(account)\n"
        "    return word | record | (config & aw.EPOCH_MASK)\n",
        tests=("tests/incidents/test_registry_pitfalls.py",),
    ),
    said(
        "said: why a block is lifted",
        "investors",
        "InvestorUnblocked(investor=investor, reason=reason, document=document)",
        "InvestorUnblocked(investor=investor, reason=reason, document=empty(bytes32))",
    ),
    said(
        "said: the least that one may hold",
        "holder_limits",
        "HolderLimitsSet(token=token, most=most, maximum=maximum, minimum=minimum)",
        "HolderLimitsSet(token=token, most=most, maximum=maximum, minimum=maximum)",
    ),
    said(
        "said: whose limits are removed",
        "holder_limits",
        "HolderLimitsRemoved(token=token)",
        "HolderLimitsRemoved(token=self)",
    ),
    said(
        "said: which basis is set",
        "reserve_basis",
        "BasisSet(token=token, num=num, den=den, counter=counter)",
        "BasisSet(token=token, num=num, den=den, counter=0)",
    ),
    said("said: which key has served", "keys", "KeyUsed(key=key)", "KeyUsed(key=empty(bytes32))"),
    said(
        "said: that a step is a split and no fold",
        "reserve_basis",
        "effectiveAt=basis.step_at, fold=fold\n",
        "effectiveAt=basis.step_at, fold=not fold\n",
    ),
    said(
        "said: whose receivables are dropped",
        "ReserveFeed",
        "ReceivablesDropped(token=token)",
        "ReceivablesDropped(token=self)",
    ),
    said(
        "said: what is pinned for a halt",
        "StockBeacon",
        "strict=strict, halted=halted)\n",
        "strict=strict, halted=strict)\n",
    ),
    Mutant(
        "said: where a push goes on",
        place("enrolments"),
        "PushPaged(wallet=wallet, next_number=number + 1)",
        "PushPaged(wallet=wallet, next_number=number)",
        tests=("tests/contracts/registry/test_paging.py::test_a_block_holds_before_the_first_and_between_all_pages",),
    ),
)
ELSEWHERE = (*PYTHON, *CONTRACTS)
PROGRAM = (
    told(
        "told: what a mint was settled with",
        "market/mint",
        "            settlement: quote.settlement,\n            quote: quote.id,",
        "            settlement: 0,\n            quote: [0; 32],",
    ),
    told(
        "told: from whom a role was taken",
        "fleet/accept_role",
        "tell!(ctx, RoleTaken { role, from, to })",
        "tell!(ctx, RoleTaken { role, from: to, to })",
    ),
    told("told: that a stock goes on", "fleet/resume", "stopped: false });", "stopped: true });"),
    told(
        "told: until when an investor is cleared",
        "investors/renew_investor",
        "class, expiry, key });",
        "class, expiry: 0, key });",
    ),
    told(
        "told: by which document a wallet was taken",
        "investors/unlink_wallet",
        "reason, document, key });",
        "reason, document: key, key });",
    ),
    told("told: why an account is held", "enforcement/hold_account", "held: true, reason,", "held: true, reason: 0,"),
    told(
        "told: why an action is cancelled", "actions/cancel_action", "reason, document });", "reason: 0, document });"
    ),
    told("told: which paper was used", "reserve/attest_reserve", "nonce: paper.nonce });", "nonce: 0 });"),
)
