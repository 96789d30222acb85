"""What one field of a manifest says about another, and about the world: accounts, addresses, bounds, stocks."""

from __future__ import annotations

from functools import cache

from stdnum import isin as isin_number

from scrip.labels import DEPLOYER, MOCK, SAFE
from scrip.manifest.addresses import is_hash, is_pubkey, wrong_address
from scrip.manifest.countries import is_country
from scrip.manifest.document import Where
from scrip.manifest.fault import Fault, Faults
from scrip.manifest.keys import check_keys
from scrip.manifest.model import Chain, Manifest, Stock
from scrip.parameters import GRACE, MAX_NAME, NOTICES, RESERVE_CEILING, RESERVE_MAX_AGE
from scrip.units import EVM_DECIMALS, SOLANA_DECIMALS, WAD_DECIMALS, parse_fixed

OWN_CHAINS = (1337, 31337)
"""Chain ids of development chains on one machine. All others are other people's networks, too."""


def check(manifest: Manifest, name: str) -> Faults:
    """Everything wrong with a manifest whose fields have their types; `name` is the file's, without its ending."""
    if manifest.network != name:
        yield Fault(("network",), f"is not the file's name, {name}", manifest.network)
    yield from _check_chain(manifest)
    yield from _check_spans(manifest)
    yield from check_keys(manifest)
    yield from _check_settlement(manifest)
    yield from _check_sanctions(manifest)
    yield from _check_actions(manifest)
    yield from _check_calendar(("calendar",), manifest.calendar)
    yield from _check_withholding(manifest)
    yield from _check_limits(manifest)
    yield from _check_stocks(manifest)


def _check_chain(manifest: Manifest) -> Faults:
    chain = manifest.chain
    yield from _check_evm(chain) if chain.kind == "evm" else _check_solana(manifest)
    if not chain.public:
        # Or one word would let keys that anyone can derive onto a real network.
        if _is_shared(chain):
            yield Fault(("chain", "public"), "must be true: others share it", chain.cluster or chain.chain_id)
        return
    for name in ("genesis", "rpc_env"):
        if not getattr(chain, name):
            yield Fault(("chain", name), "is missing, and the network is public")
    if chain.finality == 0:
        yield Fault(("chain", "finality"), "a public network needs blocks until it is final", 0)


def _check_spans(manifest: Manifest) -> Faults:
    for place, name in enumerate(manifest.spans):
        if name == manifest.network:
            yield Fault(("spans", place), "is this network itself", name)
        elif name in manifest.spans[:place]:
            yield Fault(("spans", place), "is listed twice", name)


def _is_shared(chain: Chain) -> bool:
    if chain.kind == "solana":
        return chain.cluster not in ("", "localnet")
    return chain.chain_id not in (0, *OWN_CHAINS)


def _check_evm(chain: Chain) -> Faults:
    if chain.chain_id == 0:
        yield Fault(("chain", "chain_id"), "is missing")
    if not chain.ape:
        yield Fault(("chain", "ape"), "is missing")
    if chain.cluster:
        yield Fault(("chain", "cluster"), "is a field of Solana networks", chain.cluster)
    if chain.genesis and not is_hash(chain.genesis):
        yield Fault(("chain", "genesis"), "is no hash: 0x and 64 hexadecimal digits", chain.genesis)


def _check_solana(manifest: Manifest) -> Faults:
    chain = manifest.chain
    if not chain.cluster:
        yield Fault(("chain", "cluster"), "is missing")
    for name in ("chain_id", "ape"):
        if getattr(chain, name):
            yield Fault(("chain", name), "is a field of Ethereum-family networks", getattr(chain, name))
    if chain.genesis and not is_pubkey(chain.genesis):
        yield Fault(("chain", "genesis"), "is no hash: 32 bytes in base58", chain.genesis)


def _check_settlement(manifest: Manifest) -> Faults:
    if wrong := _wrong_treasury(manifest):
        yield Fault(("settlement", "treasury"), wrong, manifest.settlement.treasury)
    for symbol, asset in manifest.settlement.assets.items():
        yield from _check_contract(("settlement", "assets", symbol), asset, manifest)


def _check_sanctions(manifest: Manifest) -> Faults:
    where, oracle = ("sanctions_oracle",), manifest.sanctions_oracle
    if oracle and manifest.chain.kind == "solana":
        yield Fault(where, "Solana's program asks no oracle", oracle)
    elif oracle:
        yield from _check_contract(where, oracle, manifest)


def _wrong_treasury(manifest: Manifest) -> str:
    treasury = manifest.settlement.treasury
    if manifest.chain.kind == "solana":
        return "on Solana the program holds the treasury: leave it out" if treasury else ""
    if not treasury:
        return "is missing"
    if treasury == DEPLOYER:
        return "the deployer holds nothing"
    return "" if treasury in (SAFE, *manifest.accounts) else "is no account of this manifest"


def _check_contract(where: Where, address: str, manifest: Manifest) -> Faults:
    """An address, or "mock" where the network is not public."""
    if address == MOCK:
        if manifest.chain.public:
            yield Fault(where, "a public network takes no mock: name the contract's address", address)
    elif wrong := wrong_address(address, manifest.chain.kind):
        yield Fault(where, wrong, address)


def _check_actions(manifest: Manifest) -> Faults:
    policy = manifest.corporate_actions
    for one in NOTICES:
        notice = getattr(policy, one.name)
        if notice not in one:
            yield Fault(("corporate_actions", one.name), f"is out of bounds: {one.bounds}", notice)
    if policy.grace not in GRACE:
        yield Fault(
            ("corporate_actions", "grace"), f"is out of bounds: at most {GRACE.ceiling:,} seconds", policy.grace
        )


def _check_calendar(where: Where, name: str) -> Faults:
    if name not in _calendars():
        yield Fault(where, "is no calendar of exchange-calendars, such as XNYS", name)


@cache
def _calendars() -> frozenset[str]:
    # It brings pandas (a second or more), which most users of this module do not need.
    from exchange_calendars import get_calendar_names

    return frozenset(get_calendar_names(include_aliases=True))


def _check_withholding(manifest: Manifest) -> Faults:
    for country in manifest.withholding:
        if not is_country(country):
            yield Fault(("withholding", country), "is no ISO 3166 alpha-2 country code", country)


def _check_limits(manifest: Manifest) -> Faults:
    most = manifest.limits.max_mint
    decimals = EVM_DECIMALS if manifest.chain.kind == "evm" else SOLANA_DECIMALS
    if len(most.partition(".")[2].rstrip("0")) > decimals:
        yield Fault(("limits", "max_mint"), f"has more than the {decimals} decimals of this chain's tokens", most)


def _check_stocks(manifest: Manifest) -> Faults:
    seen: dict[str, str] = {}
    for ticker, stock in manifest.stocks.items():
        where = ("stocks", ticker)
        if not isin_number.is_valid(stock.isin) or stock.isin != isin_number.compact(stock.isin):
            yield Fault((*where, "isin"), "is no ISIN: its check digit or its form is wrong", stock.isin)
        elif stock.isin in seen:
            yield Fault((*where, "isin"), f"is {seen[stock.isin]}'s already", stock.isin)
        seen.setdefault(stock.isin, ticker)
        if len(stock.name.encode()) > MAX_NAME.value:
            yield Fault((*where, "name"), f"is longer than {MAX_NAME.value} bytes", stock.name)
        if stock.calendar:
            yield from _check_calendar((*where, "calendar"), stock.calendar)
        yield from _check_reserve((*where, "reserve"), stock, manifest)


def _check_reserve(where: Where, stock: Stock, manifest: Manifest) -> Faults:
    reserve = stock.reserve
    if reserve.oracle and manifest.chain.kind == "solana":
        yield Fault((*where, "oracle"), "Solana has no oracle: ATTESTOR signs the attestations", reserve.oracle)
    elif reserve.oracle:
        yield from _check_contract((*where, "oracle"), reserve.oracle, manifest)
    if reserve.max_age not in RESERVE_MAX_AGE:
        yield Fault((*where, "max_age"), f"is out of bounds: {RESERVE_MAX_AGE.bounds}", reserve.max_age)
    if not reserve.ceiling:
        yield Fault((*where, "ceiling"), "is empty: shares, with at most 18 decimals")
    elif parse_fixed(reserve.ceiling, WAD_DECIMALS) not in RESERVE_CEILING:
        yield Fault((*where, "ceiling"), "does not fit 128 bits with 18 decimals", reserve.ceiling)
