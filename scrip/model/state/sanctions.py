"""The sanctions oracle as the registry hears it, and the list that Solana's program has in its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from scrip.errors import Refusal
from scrip.instructions.sanctions import Answer


@dataclass(slots=True)
class Sanctions:
    """`oracle` is whom the registry asks, "" for nobody. `answers` are by oracle and account; "clean" is not kept."""

    oracle: str = ""
    suspended: bool = False
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)

    def answer(self, account: str) -> Answer:
        """What the registry takes an account for: clean where nobody is asked, nothing of an oracle under suspicion."""
        if not self.oracle:
            return "clean"
        return "none" if self.suspended else self.answers.get((self.oracle, account), "clean")

    def check_clean(self, account: str) -> None:
        """Refuses an account that is not known to be clean, in order: listed, no answer."""
        answer = self.answer(account)
        if answer != "clean":
            raise Refusal("sanctions: listed" if answer == "listed" else "sanctions: no answer", account)

    def teach(self, oracle: str, account: str, answer: Answer) -> None:
        """Keep what an oracle says of an account from now on."""
        self.answers.pop((oracle, account), None)
        if answer != "clean":
            self.answers[oracle, account] = answer


@dataclass(slots=True)
class SanctionsList:
    """The list that the program on Solana goes by. Times are UTC seconds.

    `oracle` is whose signature counts, "" for nobody's, for lists issued from `since` on. `root` is b"" before the
    first. `shown` are the roots of lists that accounts were shown to be absent from. With `strict` a thaw and a
    mint ask for that.
    """

    strict: bool = False
    oracle: str = ""
    since: int = 0
    suspended: bool = False
    root: bytes = b""
    serial: int = 0
    issued: int = 0
    expiry: int = 0
    shown: dict[str, bytes] = field(default_factory=dict)

    def check_heard(self) -> None:
        """Refuses, in order: no oracle, suspended."""
        if not self.oracle:
            raise Refusal("sanctions: no oracle")
        if self.suspended:
            raise Refusal("sanctions: suspended", self.oracle)

    def check_live(self, now: int) -> None:
        """Refuses a list that proves nobody absent any more: expired."""
        if now >= self.expiry:
            raise Refusal("sanctions: expired", f"at {self.expiry}")

    def check_shown(self, account: str, now: int) -> None:
        """Refuses whom a strict issuer does not let in: no oracle, suspended, expired, not shown unlisted."""
        if not self.strict:
            return
        self.check_heard()
        self.check_live(now)
        if self.shown.get(account) != self.root:
            raise Refusal("sanctions: not shown unlisted", account)

    def lets_in(self, account: str, now: int) -> bool:
        """Whether check_shown refuses nothing."""
        try:
            self.check_shown(account, now)
        except Refusal:
            return False
        return True
