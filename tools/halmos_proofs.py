"""What is proved of the real bytecode (see halmos.py), and the fault that shows each proof to be one."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.evm.compiled.artifacts import CONTRACTS, source

SIGNED = ("permit", "transferWithAuthorization", "receiveWithAuthorization", "cancelAuthorization")
"""Functions that act on a holder's signature: the one path to another's balance that is no subject of a proof."""


@dataclass(frozen=True)
class Case:
    """States of the account that units leave, for which a movement is proved by a check of its own.

    `to_itself` says whether the receiver is the same account or any other; `partial` and `locked` whether those flags
    of its word are set, None for either; of its words of lock-ups those after the first `lockups` are empty. With a
    `policy` (of the stock, see token_config), the words of both accounts pass as they are; without one their clearance
    is any at all, the stock's policy too, and the registry may have any answer.
    """

    name: str
    to_itself: bool
    partial: bool | None
    locked: bool | None
    lockups: int = 4
    policy: int | None = None

    def has(self, to_itself: bool, partial: bool, locked: bool, lockups: int, policy: int, stand: bool) -> bool:
        """Whether a state, of that many words of lock-ups, is one of the case's."""
        return (
            self.to_itself == to_itself
            and self.partial in (None, partial)
            and self.locked in (None, locked)
            and lockups <= self.lockups
            and (self.policy is None or (stand and self.policy == policy))
        )


# A transfer branches over the clearance of two accounts and over each lock-up, so the two are not taken at length
# together: any clearance with one lock-up at most, and four lock-ups where both words pass as they are. What is left is
# the property tests' alone: two lock-ups and more, where the registry is asked. transferFrom, which moves units by the
# same code, has twice the branches: what is left of it is every account with lock-ups.
BOTH = (("", False), ("_to_itself", True))
TRANSFER = (
    *(Case(f"free{end}", same, False, False) for end, same in BOTH),
    *(Case(f"frozen{end}", same, True, False) for end, same in BOTH),
    *(Case(f"locked{end}", same, None, True, 1) for end, same in BOTH),
    *(Case(f"locked_often{end}_{policy}", same, None, True, 4, policy) for end, same in BOTH for policy in (0, 1)),
)
TRANSFER_FROM = tuple(case for case in TRANSFER if not case.locked)


@dataclass(frozen=True)
class Proof:
    """A property, the harness's contract that it stands in, and a fault (`before` once in `file`) that breaks it.

    `entries` are the stock's functions that the property is proved of, each by a check of its own, or, with `cases`,
    the one by a check for each. Each case has to find the fault; without cases one check that finds it is enough.
    `branching` are the milliseconds that the prover takes to find out that a branch cannot be taken: with fewer,
    impossible paths multiply; with more, each possible one costs as much.
    """

    name: str
    contract: str
    file: str
    before: str
    after: str
    entries: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()
    branching: int = 1_000

    @property
    def checks(self) -> str:
        """What the names of its checks match."""
        cases = [f"{self.name}_{case.name}" for case in self.cases]
        names = cases or [f"no_path_{entry}_[0-9]+" for entry in self.entries] or [self.name]
        return rf"^check_({'|'.join(names)})\("

    def is_complete(self, found: int) -> bool:
        """Whether that many checks, as the prover found them, are all."""
        if self.cases or not self.entries:
            return found == max(1, len(self.cases))
        return found >= len(self.entries)


def _place(stem: str) -> str:
    """Where a contract or a module stands in the project and in a copy of it."""
    return source(stem).relative_to(CONTRACTS.parent).as_posix()


REST = (
    *("approve", "scheduleMultiplier", "cancelMultiplier", "sync", "initialize", "setFrozenTokens", "setFrozen"),
    *("openCase", "closeCase", "lock", "releaseLocks", "pause", "unpause", "bumpEpoch", "setCapped"),
)
PROOFS = (
    # It says of transfer what no_path says of the others, and more: no third account's word changes.
    Proof(
        "transfer_conserves",
        "Movements",
        _place("transfers"),
        "    s.words[to] = unsafe_add(to_word, amount)\n",
        "    s.words[to] = unsafe_add(to_word, amount + 1)\n",
        ("transfer",),
        TRANSFER,
        20,
    ),
    Proof(
        "word_keeps_its_owners_apart",
        "AnyState",
        _place("clearance"),
        "(s.words[account] & ~aw.REGISTRY_BITS) | (record & aw.REGISTRY_BITS)",
        "(s.words[account] & ~aw.REGISTRY_BITS) | record",
    ),
    Proof(
        "ui_never_rounds_up",
        "AnyState",
        _place("token_multiplier"),
        "    return raw * self._multiplier() // WAD\n",
        "    return (raw * self._multiplier() + WAD - 1) // WAD\n",
    ),
    Proof(
        "cache_is_never_more_permissive",
        "Coherence",
        _place("investor_records"),
        "    self._rewrite(investor, self.investors[investor] | ww.INVESTOR_BLOCKED, True)\n",
        "    self._rewrite(investor, self.investors[investor] | ww.INVESTOR_BLOCKED, False)\n",
    ),
    Proof(
        "no_path_by_transferFrom",
        "Movements",
        _place("transfers"),
        "            erc_errors._insufficient_allowance(msg.sender, allowed, amount)\n",
        "            pass\n",
        ("transferFrom",),
        TRANSFER_FROM,
        20,
    ),
    Proof(
        "no_path_by_burn",
        "Entries",
        _place("transfers"),
        "    roles._check(roles.MINTER)\n    config: uint256 = self._live()\n"
        '    assert amount != 0, "token: zero amount"\n    if not clearance._may_leave',
        "    config: uint256 = self._live()\n"
        '    assert amount != 0, "token: zero amount"\n    if not clearance._may_leave',
        ("mint", "burn"),
    ),
    Proof(
        "no_path_by_force",
        "Entries",
        _place("token_enforcement"),
        "    roles._check(roles.ENFORCER)\n    reasons._new(account, reason, document, key)\n    assert amount != 0",
        "    reasons._new(account, reason, document, key)\n    assert amount != 0",
        ("forcedTransfer", "forcedBurn", "recover"),
    ),
    Proof(
        "no_path_by_escrow",
        "Entries",
        _place("token_redemption"),
        "    roles._check(roles.VAULT)\n    config: uint256 = transfers._live()\n"
        '    assert amount != 0, "token: zero amount"\n    if not clearance._may_leave',
        "    config: uint256 = transfers._live()\n"
        '    assert amount != 0, "token: zero amount"\n    if not clearance._may_leave',
        ("escrow", "release", "deliver", "retire", "setSuspended", "setMintsEnd"),
    ),
    Proof(
        "no_path_by_the_rest",
        "Entries",
        _place("clearance"),
        '    assert msg.sender == s.REGISTRY.address, "token: not the registry"\n'
        "    s.words[account] = (s.words[account] & ~aw.REGISTRY_BITS) | (record & aw.REGISTRY_BITS)\n",
        "    s.words[account] = record\n",
        REST,
    ),
)
