"""The sanctions oracle as the registry hears it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

from scrip.errors import Refusal
from scrip.instructions import Answer


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
        """Refuses, in order: listed, no answer."""
        answer = self.answer(account)
        if answer != "clean":
            raise Refusal("sanctions: listed" if answer == "listed" else "sanctions: no answer", account)

    def set_oracle(self, oracle: str, known: Container[str]) -> None:
        """Ask this one from now on, "" for none; a suspension ends. Refuses: not a contract (what is not `known`)."""
        if oracle and oracle not in known:
            raise Refusal("sanctions: not a contract", oracle)
        self.oracle, self.suspended = oracle, False

    def check_heard(self) -> None:
        """Refuses, in order: no oracle, suspended."""
        if not self.oracle:
            raise Refusal("sanctions: no oracle")
        if self.suspended:
            raise Refusal("sanctions: suspended", self.oracle)

    def suspend(self) -> None:
        """Ask it no more. Refuses as check_heard."""
        self.check_heard()
        self.suspended = True

    def teach(self, oracle: str, account: str, answer: Answer) -> None:
        """What an oracle says of an account from now on."""
        self.answers.pop((oracle, account), None)
        if answer != "clean":
            self.answers[oracle, account] = answer
