"""One list of subjects, and the same stem for each in every layer: who knows the noun knows the file.

A stem that one layer has and another lacks needs a reason here, in LACKING; one that no layer has is no fault. A file
of a layer that is no subject's needs one too, in SHARED. A reason for what is not so is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

STEMS = (
    *("transfers", "market", "redemption", "reserve", "feeds", "calendar", "actions", "dividends", "register"),
    "subscriptions",
    "wind_up",
    "region_exit",
    "elections",
    *("voting", "investors", "holder_limits", "enforcement", "recovery", "attestations", "sanctions", "fleet"),
    "offers",
    *("venues", "settlement", "repo", "yields", "synthetics", "swaps", "waterfall"),
)

GROUPS: Mapping[str, tuple[str, ...]] = {
    "action": ("actions",),
    "compliance": ("investors", "holder_limits", "enforcement", "recovery", "attestations", "sanctions"),
    "dividend": ("dividends",),
    "election": ("elections",),
    "emergency": ("fleet",),
    "feeds": ("feeds", "calendar"),
    "market": ("market", "reserve"),
    "offer": ("offers",),
    "redemption": ("redemption", "region_exit", "wind_up"),
    "register": ("register",),
    "subscription": ("subscriptions",),
    "stock": ("fleet",),
    "vote": ("voting",),
}
"""The subjects of each group of commands. Ape names a group by its file, and users know the names."""
NO_SUBJECT = {
    "audit": "reads a whole deployment",
    "demo": "replays a stock through every subject",
    "deploy": "makes a network what its manifest says",
    "local": "a desk to try every subject on",
    "records": "makes again what was lost of every subject's",
    "report": "shows a whole issuer on one page, of all subjects",
    "show": "looks up stocks, holders and what is to come, of all subjects",
    "safe": "signs what any subject proposes",
    "timelock": "queues what any subject asks of ADMIN",
    "upgrade": "replaces code, and no state",
    "watch": "tells what wants attention of any subject",
}
"""Groups of commands that serve all subjects or none, and what they do."""

LAYERS: Mapping[str, str] = {
    "instructions": "scrip/instructions",
    "model": "scrip/model",
    "evm": "scrip/evm/handlers",
    "solana": "scrip/solana/handlers",
    "flows": "scrip/flows",
    "contracts": "contracts",
    "program": "programs/stock-token/src",
    "commands": "scripts",
    "tests": "tests",
}
"""Where each layer's files stand."""
FOLLOWING = "tests"
"""The layer that must have what others have, and from which no stem begins: names of tests are sentences."""
ONE_FILE_A_STEM = ("instructions", "model", "evm", "solana", "flows")
"""Layers in which every file is a subject's, but for those in SHARED."""

NOT_ON_SOLANA = {
    "calendar": "the program opens and shuts with no exchange",
    "dividends": "the program pays no cash dividends: they are reinvested there",
    "elections": "the program leaves no choice between cash and stock: dividends are reinvested there",
    "feeds": "the program keeps no prices",
    "offers": "the program takes no offers: no action of them is announced of a stock there",
    "redemption": "the program keeps no queue of requests: holders redeem on quotes there",
    "subscriptions": "the program keeps no queue of requests: investors buy on quotes there",
    "region_exit": "the program burns for no exit: a country is shut out by the stock's rules there",
    "wind_up": "the program ends no stock: what ends one is refused of a stock that spans to Solana",
}
LACKING: Mapping[tuple[str, str], str] = {
    **{("program", stem): reason for stem, reason in NOT_ON_SOLANA.items()},
    **{
        (layer, "register"): "the register is read of a chain, and no order changes it: scrip/holders"
        for layer in ("instructions", "model", "evm", "solana", "contracts", "program")
    },
    ("flows", "transfers"): "holders transfer; the issuer has no operation of it",
    ("commands", "transfers"): "holders transfer; the issuer has no command for it",
}
"""Why a layer lacks a stem that another has."""

SHARED: Mapping[tuple[str, str], str] = {
    ("instructions", "base"): "what every instruction has in common",
    ("instructions", "subjects"): "whom and what any instruction is about, told by its fields",
    ("model", "ledger"): "applies any instruction to the state of all subjects",
    ("evm", "table"): "the table that every subject fills, and what its handlers know of a chain",
    ("solana", "table"): "the tables that every subject fills, and what their handlers work with",
    ("solana", "client"): "builds, sends and reads for every subject",
    ("solana", "clearance"): "opens, thaws and freezes token accounts, which transfers, market and enforcement share",
    ("model", "reasons"): "the reason and the document that every forced instruction carries",
    (
        "flows",
        "dividend_roots",
    ): "the end of a cash dividend's root that was wrong",
    ("flows", "dividend_desk"): "a stock's book and distributor, which every operation on its cash dividends asks",
    ("flows", "dividend_sheets"): "what a root is computed from: a register, terms, and what holders chose",
    ("flows", "undelivered"): "what of a root is with nobody yet, and why: dividends' events beside registry and stock",
    ("flows", "market_claims"): "who is owed a dividend for a trade around its record: two subjects' events together",
    ("flows", "market_bounds"): "what bounds trades on quotes, of every kind, made narrower by one command",
    ("flows", "announcements"): "what a file announces, of any code: the order that it is, and what it does to holders",
    ("flows", "market_desk"): "one page of quotes, prices, requests and the treasury, for who makes the market",
    ("flows", "reinvestment"): "what dividends pay turned into mints: two subjects' orders in one plan",
    ("flows", "list_files"): "a sanctions list as Solana has it: its file, and what is done with one",
    ("flows", "provider_files"): "a KYC provider's attestation as Solana has it: its file, and what is done with one",
    ("flows", "market_treasury"): "what leaves Solana's treasury, which quotes and their desk do not",
    ("flows", "market_payment"): "who pays a mint and by which signature, apart from the quotes that it pays",
    ("flows", "requests"): "a vault that takes requests, out of a stock or into it: which one, and who acts for whom",
    ("flows", "action_history"): "a stock's actions of every code, played and held to the chain, on each network",
    ("flows", "action_links"): "what stands on an action of any code: votes, roots, notices, a new name",
    ("flows", "ends"): "what an order about an action of the book does to the end that the action is",
    ("flows", "signed_votes"): "votes that holders sign without a node, and that anybody hands in",
    ("flows", "timelock"): "what waits for ADMIN, whatever it is about",
}
"""Files of a layer that belong to no one subject, and what they hold."""


def check(names: Sequence[str]) -> Iterator[str]:
    """A line for each stem that a layer lacks without a reason, each file that is no subject's, each false reason.

    `names` are the project's files, as paths from its root.
    """
    layers = {layer: present(layer, names) for layer in LAYERS}
    known = set().union(*(stems for layer, stems in layers.items() if layer != FOLLOWING))
    for layer, folder in LAYERS.items():
        for stem in STEMS:
            has = stem in layers[layer]
            reason = LACKING.get((layer, stem))
            if stem in known and not has and reason is None:
                others = ", ".join(other for other in LAYERS if stem in layers[other])
                yield f"{folder}: nothing of {stem}, which {others} have: add it, or the reason to {_here()}"
            elif has and reason is not None:
                yield f"{folder}: has {stem}, of which {_here()} says why it does not: {reason}"
    yield from _strangers(names)
    yield from _groups(names)
    for layer, stem in LACKING:
        if stem not in STEMS or layer not in LAYERS:
            yield f"{_here()}: a reason for what is no stem or no layer: {layer}, {stem}"


def present(layer: str, names: Sequence[str]) -> set[str]:
    """The stems that a layer has."""
    if layer == "commands":
        groups = {PurePosixPath(name).stem for name in _direct("scripts", names)}
        return {stem for group in groups for stem in GROUPS.get(group, ())}
    finder = FINDERS.get(layer, _in_python)
    return {stem for stem in STEMS if any(finder(LAYERS[layer], stem, name) for name in names)}


def _in_python(folder: str, stem: str, name: str) -> bool:
    return name == f"{folder}/{stem}.py" or name == f"{folder}/{stem}/__init__.py"


def _in_tests(folder: str, stem: str, name: str) -> bool:
    path = PurePosixPath(name)
    return name.startswith(f"{folder}/") and path.suffix == ".py" and _named(rf"test_(?:\w+_)?{stem}(?:_\w+)?", path)


def _in_contracts(folder: str, stem: str, name: str) -> bool:
    path = PurePosixPath(name)
    if path.parts[0] != folder or path.suffix != ".vy":
        return False
    return stem in path.parts[1:-1] or _named(rf"(?:\w+_)?{stem}(?:_\w+)?", path)


def _in_program(folder: str, stem: str, name: str) -> bool:
    return any(
        name == f"{folder}/{part}/{stem}.rs" or name.startswith(f"{folder}/{part}/{stem}/")
        for part in ("accounts", "instructions")
    )


FINDERS: Mapping[str, Callable[[str, str, str], bool]] = {
    "tests": _in_tests,
    "contracts": _in_contracts,
    "program": _in_program,
}
"""How a file is known as a stem's, where it is not just STEM.py."""


def _named(pattern: str, path: PurePosixPath) -> bool:
    return re.fullmatch(pattern, path.stem) is not None


def _direct(folder: str, names: Sequence[str]) -> list[str]:
    """The Python files of a folder itself, without those whose name begins with an underscore."""
    return [name for name in names if re.fullmatch(rf"{folder}/[a-z]\w*\.py", name)]


def _strangers(names: Sequence[str]) -> Iterator[str]:
    """Files of a layer that are neither a subject's nor known to be shared, and shared ones that are not there."""
    for layer in ONE_FILE_A_STEM:
        folder = LAYERS[layer]
        found = {PurePosixPath(name).stem: name for name in _direct(folder, names)}
        for stem, name in found.items():
            if stem not in STEMS and (layer, stem) not in SHARED:
                yield f"{name}: named after no subject: rename it, or say in {_here()} what it holds for all of them"
        for other, stem in SHARED:
            if other == layer and stem not in found:
                yield f"{_here()}: says what {folder}/{stem}.py holds, which is not there"


def _groups(names: Sequence[str]) -> Iterator[str]:
    """Groups of commands that no table knows, those of the tables that are not there, and subjects without a stem."""
    found = {PurePosixPath(name).stem for name in _direct("scripts", names)}
    known = {*GROUPS, *NO_SUBJECT}
    for group in sorted(found - known):
        yield f"scripts/{group}.py: {_here()} does not say of which subjects its commands are"
    for group in sorted(known - found):
        yield f"{_here()}: names scripts/{group}.py, which is not there"
    for group, stems in GROUPS.items():
        for stem in stems:
            if stem not in STEMS:
                yield f"{_here()}: scripts/{group}.py is of {stem}, which is no stem"


def _here() -> str:
    return "tools/house/stems.py"
