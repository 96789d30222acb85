"""Where alerts are said: on a stream, in a file of JSON lines, at a webhook."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from scrip.errors import InputError, NodeError
from scrip.inputs.reading.text import visible
from scrip.watch.alerts import Alert

SECONDS = 10.0
"""Seconds in which a webhook answers."""


class Sink(Protocol):
    """Says alerts somewhere, all of a call or, raising ScripError, none that counts as said."""

    def say(self, fresh: Sequence[Alert], over: Sequence[Mapping[str, str]]) -> None:
        """Say what is new, and what is over."""


def lines(fresh: Sequence[Alert], over: Sequence[Mapping[str, str]]) -> list[str]:
    """For people, a line each."""
    told = [str(one) for one in fresh]
    told += [f"OVER {one['network']}, {one['kind']}: {one['text']}" for one in over]
    return [visible(one) for one in told]


@dataclass(frozen=True, slots=True)
class TextSink:
    """Lines for people, on whatever `write` writes to."""

    write: Callable[[str], None]

    def say(self, fresh: Sequence[Alert], over: Sequence[Mapping[str, str]]) -> None:
        """A line each."""
        for line in lines(fresh, over):
            self.write(line)


@dataclass(frozen=True, slots=True)
class FileSink:
    """A file of JSON lines, to which each is added: `event` "alert" or "over", with the alert's own fields."""

    path: Path

    def say(self, fresh: Sequence[Alert], over: Sequence[Mapping[str, str]]) -> None:
        """Add them, on disk when this returns; InputError where the file cannot be written."""
        rows = [{"event": "alert", **one.as_json()} for one in fresh] + [{"event": "over", **one} for one in over]
        if not rows:
            return
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write("".join(json.dumps(one, sort_keys=True) + "\n" for one in rows))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror}", field="to", value=self.path) from None


class NotSaid(NodeError):
    """A webhook did not take a message: it is said again in the next round."""


@dataclass(frozen=True, slots=True)
class WebhookSink:
    """An HTTPS address that takes `{"text": …, "alerts": […], "over": […]}`, as Slack, Mattermost and others read it.

    The address may be a secret: it comes from a variable of the environment and stands in no message and no error.
    """

    url: str
    variable: str

    @classmethod
    def of(cls, variable: str) -> WebhookSink:
        """The webhook in a variable; InputError by the variable's name where there is none, or it is not HTTPS."""
        url = os.environ.get(variable, "")
        parts = urlsplit(url)
        if not parts.hostname:
            raise InputError("is not set: put the webhook's address into this variable", field=variable)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
            raise InputError("names an address that is not https: anybody on the way could read it", field=variable)
        return cls(url, variable)

    def say(self, fresh: Sequence[Alert], over: Sequence[Mapping[str, str]]) -> None:
        """Post one message of all; NotSaid where it is not taken. Nothing is posted where nothing is new."""
        if not fresh and not over:
            return
        import httpx

        content = {
            "text": "\n".join(lines(fresh, over)),
            "alerts": [one.as_json() for one in fresh],
            "over": [dict(one) for one in over],
        }
        try:
            answer = httpx.post(self.url, json=content, timeout=SECONDS, follow_redirects=False)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NotSaid(f"the webhook in {self.variable} does not answer: {type(error).__name__}") from None
        if not answer.is_success:
            raise NotSaid(f"the webhook in {self.variable} answers {answer.status_code}")
