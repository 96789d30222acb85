"""What the contracts' views call their answers where they give several at once: Vyper's ABI leaves them nameless."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scrip.evm.encoding.abi import canonical_type

ANSWERS: Mapping[str, tuple[str, ...]] = {
    # ActionBook
    "beginPaying(bytes32)": ("token", "coin", "pay", "expiry", "recordAt"),
    "timesOf(bytes32)": ("token", "code", "status", "recordAt", "deadline"),
    # Ballot
    "proposalVotes(uint256)": ("against", "inFavour", "abstain"),
    # CorporateActions
    "announced(address)": ("dividends", "splits"),
    # ComplianceRegistry
    "holderCount(address)": ("holders", "unseeded"),
    "holderLimits(address)": ("most", "maximum", "minimum"),
    "investorRecord(uint64)": ("known", "blocked", "country", "investorClass", "expiry"),
    "sanctionsOracle()": ("oracle", "suspended"),
    "stockRules(address)": ("classes", "countries"),
    "successionOf(address)": ("successor", "investor"),
    # DividendDistributor
    "parkedOf(bytes32,uint256)": ("account", "net", "pushable"),
    # OfferEscrow and OfferTerms
    "dueOf(uint256,address)": ("taken", "units", "coins"),
    "need(uint256)": ("coins", "minted"),
    "choiceOf(uint256,address)": ("first", "second", "settled"),
    "settled(address,address,uint256,uint256,uint256,uint256)": ("price", "ratio"),
    # PrimaryMarket
    "bandOf(address)": ("feed", "bandBps"),
    "levelOf(uint8,address,uint256)": ("net", "gross"),
    "limitOf(uint8,address)": ("capNet", "capGross", "window"),
    "pegOf(address)": ("feed", "bandBps", "maxAge", "until"),
    "quoteTerms()": ("maxFeeBps", "secondFrom"),
    # RequestVault
    "reference()": ("price", "since"),
    "strikeOf(bytes32)": ("price", "struckAt", "expiry", "generation"),
    # ReserveFeed
    "attestation(address)": ("shares", "asOf", "counter", "nonce"),
    "basis(address)": ("num", "den", "counter"),
    "configuration(address)": ("oracle", "decimals", "maxAge", "marginBps", "ceiling", "others", "counter"),
    "coverage(address)": ("reserve", "liability", "receivable", "ceiling", "others"),
    "step(address)": ("num", "den", "counter", "effectiveAt", "isFold", "isInDoubt"),
    "surplus(address)": ("shares", "there", "owed", "counter", "asOf"),
    # SharePriceFeed
    "evaluate(address)": ("status", "price", "asOf"),
    "heldPrice(address)": ("price", "asOf"),
    "keptOf(address)": ("price", "asOf", "until", "endsInWindow", "inWindow", "suspended"),
    "sequencer()": ("feed", "grace"),
    "strictPrice(address)": ("price", "asOf", "trades"),
    "termsOf(address)": (
        *("source", "decimals", "raw", "second", "secondDecimals", "secondRaw"),
        *("calendar", "maxAge", "bandBps", "deviationBps"),
    ),
    "windowOf(address)": ("settled", "opened", "since", "sessions"),
    # PriceAdapter and DataStream, as AggregatorV3Interface has it
    "latestRoundData()": ("roundId", "answer", "startedAt", "updatedAt", "answeredInRound"),
    # StockToken
    "caseOf(address)": ("reason", "document"),
    "lockupsOf(address)": ("amounts", "untils"),
    "multiplierTerms()": ("index", "num", "den", "laterIndex", "laterNum", "laterDen", "effectiveAt"),
    # WindUp
    "burn(address,uint256)": ("cash", "stock"),
    "due(address,uint256)": ("cash", "stock"),
    "needed(address)": ("coin", "cash", "other", "stock"),
    "parkedOf(address,address)": ("cash", "stock"),
    # ERC-5267
    "eip712Domain()": ("fields", "name", "version", "chainId", "verifyingContract", "salt", "extensions"),
}
"""By a function's signature, the names of its answers, in their order."""


def with_names(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same ABI with names for answers that come several at once. KeyError for a function that the table lacks."""
    return [dict(entry) | {"outputs": _named(entry)} if _is_nameless(entry) else dict(entry) for entry in entries]


def _is_nameless(entry: Mapping[str, Any]) -> bool:
    outputs = entry.get("outputs", ())
    return entry["type"] == "function" and len(outputs) > 1 and not all(one["name"] for one in outputs)


def _named(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = ANSWERS[f"{entry['name']}({','.join(map(canonical_type, entry['inputs']))})"]
    return [dict(one) | {"name": name} for name, one in zip(names, entry["outputs"], strict=True)]
