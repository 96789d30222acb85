"""Pictures of a page, as SVG whose bytes follow from their numbers and whose colours follow the page's."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

INK, LINES = "#010203", ("#0a0b01", "#0a0b02", "#0a0b03", "#0a0b04")
"""Colours that nothing has, each put in another's place afterwards: the text's, and of up to four lines."""
SALT = "scrip"
DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) UTC")
COMMENT = re.compile(r"^\s*(<\?xml[^>]*>|<!DOCTYPE[^>]*>|<metadata>.*?</metadata>)\s*", re.DOTALL | re.MULTILINE)


def instant(told: str) -> datetime:
    """The instant that a report's text says."""
    found = DATE.fullmatch(told)
    if found is None:
        raise ValueError(f"{told!r} is no instant of a report")
    return datetime(*map(int, found.groups()), tzinfo=UTC)  # type: ignore[arg-type, misc]


def over_time(title: str, series: Mapping[str, Sequence[tuple[str, float]]], floor: float | None = None) -> str:
    """Lines over time, one a network, as an SVG element with a title; "" where no line has two points.

    `floor` is drawn as a level that the lines should not fall below.
    """
    lines = {name: points for name, points in series.items() if len(points) > 1}
    if not lines:
        return ""
    from matplotlib import rc_context
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
    from matplotlib.figure import Figure

    style: Any = {
        "svg.hashsalt": SALT,
        "svg.fonttype": "none",
        "font.family": "sans-serif",
        "font.size": 9,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
    }
    with rc_context(style):
        figure = Figure(figsize=(6.4, 2.2), layout="constrained")
        axes = figure.add_subplot()
        axes.xaxis_date("UTC")
        for place, (name, points) in enumerate(lines.items()):
            when = [float(date2num(instant(at))) for at, _ in points]
            color = LINES[place % len(LINES)]
            dashes = ("-", "--", ":", "-.")[place % 4]
            axes.step(when, [value for _, value in points], where="post", color=color, label=name, linestyle=dashes)
        if floor is not None:
            axes.axhline(floor, color=INK, linewidth=0.6)
        locator = AutoDateLocator()
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
        axes.spines[["top", "right"]].set_visible(False)
        if len(lines) > 1:
            axes.legend(frameon=False, loc="best")
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _inlined(title, drawn.getvalue())


def _inlined(title: str, svg: str) -> str:
    body = COMMENT.sub("", svg)
    body = body[body.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    head, _, rest = body.partition(">")
    head = re.sub(r' (width|height)="[^"]*"', "", head)
    body = f'{head} role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>{rest}'
    body = body.replace(INK, "var(--ink)")
    for place, color in enumerate(LINES):
        body = body.replace(color, f"var(--line-{place + 1})")
    # One page holds several, and an id stands once in it.
    tag = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    body = re.sub(r'id="([^"]+)"', rf'id="{tag}-\1"', body)
    body = re.sub(r'href="#([^"]+)"', rf'href="#{tag}-\1"', body)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{tag}-\1)", body).strip()
