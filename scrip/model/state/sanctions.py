"""The sanctions oracle as the registry hears it."""

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
