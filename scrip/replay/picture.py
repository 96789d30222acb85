"""The picture of a replay: what was paid, what it is worth, and how near the chain stays to the reference."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, DateFormatter, YearLocator, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from matplotlib.typing import RcKeyType

from scrip.replay.report import publish
from scrip.replay.result import LIMIT, Outcome, Result

INK, GREY, PALE = "#1f2933", "#7b8794", "#d9dee4"
# Okabe and Ito's palette: told apart by every kind of colour vision.
BLUE, ORANGE, GREEN, VERMILION, PINK = "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7"
CHAINS = {"evm": ("EVM", BLUE), "solana": ("Solana", PINK)}
SIZE = (12.0, 7.6)
DPI = 200
FLOOR = 1e-17
"""Where a deviation of exactly zero is drawn."""
LARGE = 0.05
"""The part of the price from which on a dividend is labelled."""

STYLE: dict[RcKeyType, object] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["Inter", "Source Sans 3", "Helvetica Neue", "Arial", "DejaVu Sans"],
    "font.size": 9.5,
    "text.color": INK,
    "axes.edgecolor": PALE,
    "axes.labelcolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "ytick.left": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": PALE,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
}


def draw(result: Result, path: Path) -> None:
    """Publish the picture as a PNG; the same result gives the same picture."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=SIZE, dpi=DPI, facecolor="white")
        grid = figure.add_gridspec(
            3, 1, height_ratios=(5.2, 1.1, 1.1), hspace=0.16, left=0.06, right=0.865, top=0.865, bottom=0.075
        )
        price = figure.add_subplot(grid[0])
        multiplier = figure.add_subplot(grid[1], sharex=price)
        deviation = figure.add_subplot(grid[2], sharex=price)
        dates = [float(date2num(day.day)) for day in result.timeline.days]
        shown = [name for name in result.values if name in CHAINS] or list(result.values)
        _titles(figure, result, shown)
        _price(price, dates, result, shown)
        _multiplier(multiplier, dates, result, shown[0])
        _deviation(deviation, dates, result)
        for axes in (price, multiplier):
            axes.tick_params(axis="x", labelbottom=False, length=0)
        _years(deviation, dates)
        price.set_xlim(dates[0], dates[-1])
        publish(path, lambda temporary: figure.savefig(temporary, metadata={"Software": None}))


def _years(axes: Axes, dates: list[float]) -> None:
    if dates[-1] - dates[0] > 3 * 365:
        axes.xaxis.set_major_locator(YearLocator())
        axes.xaxis.set_major_formatter(DateFormatter("%Y"))
    else:
        locator = AutoDateLocator()
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))


def _titles(figure: Figure, result: Result, shown: list[str]) -> None:
    stock, days = result.timeline.stock, result.timeline.days
    span = f"{days[0].day:%-d %B %Y} to {days[-1].day:%-d %B %Y}"
    splits = sum(outcome.action.event.is_split for outcome in result.outcomes)
    dividends = len(result.outcomes) - splits
    parts = [
        f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in ((splits, "split"), (dividends, "dividend"))
    ]
    events = " and ".join(part for part in parts if not part.startswith("0 ")) or "no corporate action"
    chains = [CHAINS[name][0] for name in shown if name in CHAINS]
    where = f"on {' and '.join(chains)}" if chains else "in the model"
    figure.text(0.06, 0.947, f"{stock.name}, tokenised", fontsize=21, fontweight="bold", va="bottom")
    subtitle = f"One token, {span}, replayed day by day {where}: {events}, {len(days):,} trading days"
    figure.text(0.06, 0.91, subtitle, fontsize=11, color=GREY, va="bottom")


def _price(axes: Axes, dates: list[float], result: Result, shown: list[str]) -> None:
    closes = [float(day.close) for day in result.timeline.days]
    values = result.values[shown[0]]
    axes.plot(dates, closes, color=GREY, linewidth=0.9, zorder=3)
    axes.plot(dates, result.reference, color=ORANGE, linewidth=4.6, alpha=0.55, solid_capstyle="butt", zorder=4)
    for place, name in enumerate(shown):
        _, colour = CHAINS.get(name, ("", BLUE))
        # The chains agree to the last digit, so the later lies on the earlier: dashes let both be seen.
        style = (0, (2.5, 2.5)) if place else "-"
        width = 1.25 if len(shown) == 1 else (1.9, 1.2)[min(place, 1)]
        axes.plot(dates, result.values[name], color=colour, linewidth=width, zorder=5 + place, linestyle=style)
    top = max(max(values), max(closes)) * 1.06
    axes.set_ylim(0, top)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda dollars, _: f"${dollars:,.0f}"))
    for outcome in result.outcomes:
        _mark(axes, outcome, values, result)
    if any(not outcome.action.event.is_split for outcome in result.outcomes):
        _side(axes, "dividends", GREEN, 0.012)
    _labels(axes, dates[-1], closes[-1], values[-1], shown, top)


def _mark(axes: Axes, outcome: Outcome, values: list[float], result: Result) -> None:
    """Mark an event: a split is a line across the panel, a dividend a tick at its foot; large ones are labelled."""
    event = outcome.action.event
    at = float(date2num(event.ex))
    if event.is_split:
        axes.axvline(at, color=VERMILION, linewidth=1.0, linestyle=(0, (4, 3)), zorder=2)
        axes.text(
            at, 0.985, f" {event.num}:{event.den} split", color=VERMILION, fontsize=9, fontweight="bold", va="top",
            transform=axes.get_xaxis_transform(), zorder=7,
        )  # fmt: skip
        return
    axes.plot([at, at], [0, 0.028], color=GREEN, linewidth=1.3, transform=axes.get_xaxis_transform(), zorder=6)
    if event.gross / event.close >= LARGE:
        place = next(i for i, day in enumerate(result.timeline.days) if day.day == event.ex)
        axes.annotate(
            f"${event.gross:.2f} special dividend,\nreinvested at the close",
            (at, values[place]), xytext=(-14, 46), textcoords="offset points", ha="center", color=GREEN, fontsize=8.5,
            arrowprops={"arrowstyle": "-", "color": GREEN, "linewidth": 0.8, "shrinkB": 3}, zorder=8,
        )  # fmt: skip


def _labels(axes: Axes, right: float, close: float, value: float, shown: list[str], top: float) -> None:
    """Put names at the curves' ends instead of a legend, apart where the ends are close."""
    gap = top * 0.092
    texts, spots = [], []
    for place, name in enumerate(shown):
        label, colour = CHAINS.get(name, ("model", BLUE))
        texts.append((f"total return, {label}" + ("" if place else f"\n${value:,.2f}"), colour))
        spots.append(value - (gap * 0.72 * place))
    texts += [("adjusted close,\nthe reference", ORANGE), (f"share price\n${close:,.2f}", GREY)]
    lowest = spots[-1] - gap * (0.75 if len(shown) > 1 else 1)
    spots += [lowest, close]
    if close <= value:
        spots[-1] = min(close, lowest - gap)
    elif close < value + gap:
        spots[-1] = value + gap
    shift = max(0.0, gap * 0.4 - min(spots))
    for (text, colour), spot in zip(texts, spots, strict=True):
        axes.annotate(
            text, (right, spot + shift), xytext=(9, 0), textcoords="offset points", va="center", color=colour,
            fontsize=9, fontweight="bold", linespacing=1.2, annotation_clip=False,
        )  # fmt: skip


def _multiplier(axes: Axes, dates: list[float], result: Result, ledger: str) -> None:
    multipliers = result.multipliers[ledger]
    axes.step(dates, multipliers, where="post", color=BLUE, linewidth=1.4)
    axes.fill_between(dates, multipliers, step="post", color=BLUE, alpha=0.10, linewidth=0)
    axes.set_ylim(0, max(multipliers) * 1.18)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda times, _: f"{times:g}×"))
    _side(axes, f"uiMultiplier\n{multipliers[-1]:.6f}", BLUE)


def _deviation(axes: Axes, dates: list[float], result: Result) -> None:
    worst = 0.0
    widths = (2.6, 1.5, 0.6)[3 - len(result.deviations) :]
    for (name, series), width in zip(result.deviations.items(), widths, strict=True):
        _, colour = CHAINS.get(name, ("", BLUE if len(widths) == 1 else ORANGE))
        axes.plot(dates, [max(deviation, FLOOR) for deviation in series], color=colour, linewidth=width, alpha=0.9)
        worst = max(worst, *series)
    axes.axhline(LIMIT, color=VERMILION, linewidth=1.0)
    axes.text(dates[0], LIMIT * 0.5, " limit 1e-9", color=VERMILION, fontsize=8, va="top")
    axes.set_yscale("log")
    axes.set_ylim(FLOOR, LIMIT * 30)
    axes.yaxis.set_major_locator(LogLocator(base=10, numticks=4))
    axes.yaxis.set_minor_locator(NullLocator())
    amount = f"at most {worst:.1e}" if worst else "none"
    _side(axes, f"deviation from\nthe reference:\n{amount}", INK)


def _side(axes: Axes, text: str, colour: str, height: float = 0.5) -> None:
    """Put a label in the right margin, at a height of the panel (0 foot, 1 top)."""
    axes.annotate(
        text, (1, height), xycoords="axes fraction", xytext=(9, 0), textcoords="offset points", va="center",
        color=colour, fontsize=9, fontweight="bold", linespacing=1.2, annotation_clip=False,
    )  # fmt: skip
