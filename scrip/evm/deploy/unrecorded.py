"""A suite that stands and that no record holds: told by the code of what the deployer made, without one block read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scrip.errors import InputError
from scrip.evm import mocks
from scrip.evm.audit.code import code_size, immutable_address
from scrip.evm.chain import Call, Contract
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.compiled.release import TOKEN
from scrip.evm.compiled.safe import CANONICAL, PACKAGED, code_hashes, hash_of
from scrip.evm.connection import EvmConnection
from scrip.evm.handlers.calendar import PRICE_FEED
from scrip.evm.labels import ADMIN
from scrip.evm.rpc.node import result
from scrip.evm.tx.steps import created_by
from scrip.labels import DEPLOYER, IMPLEMENTATIONS, LABELS, MOCK, PRICES, STABLECOIN, TIMELOCK, asset_label
from scrip.records.rebuilt import unheld

MOST = 256
"""How many contracts of the deployer are looked at: a deployment creates its first ones at once."""
ROLES = "roles"
ANSWERS_TO = "roles.ROLES"
"""The immutable by which a contract of a suite names its Roles."""
KINDS: Mapping[str, str] = {
    "registry": "ComplianceRegistry",
    "feed": "ReserveFeed",
    "actions": "CorporateActions",
    "beacon": "StockBeacon",
    "factory": "StockFactory",
    "market": "PrimaryMarket",
    PRICES: PRICE_FEED,
}
"""What each contract that names its Roles is built from, by label."""
OPTIONAL = frozenset({PRICES})
"""What a suite may lack."""


def standing(network: EvmConnection) -> list[str]:
    """The addresses of the deployer's contracts that give out roles, as a suite's does, recorded or not."""
    return _of_kind(_made(network), "Roles")


def stands_unrecorded(network: EvmConnection) -> str:
    """What of a suite of the deployer's stands that no record holds, nor an intent that is open; "" for nothing."""
    if ROLES in network.book or not (found := standing(network)):
        return ""
    if any(one.action.label == ROLES for one in network.records.open_intents()):
        return ""  # the deployment was stopped before it was recorded, and goes on
    return _told(found[-1])


def demand_recorded(network: EvmConnection) -> None:
    """Drift where the deployer has deployed a suite that no record holds: it is never planned a second time."""
    if what := stands_unrecorded(network):
        raise unheld(network.records, what)


def find(network: EvmConnection) -> str:
    """Learn the contracts of a suite of which no record tells, or not whole, and say which suite that is.

    It is the newest of the deployer's that is whole and whose code is this build's. "" where the records have all of
    it, or there is none: then whoever asks for a contract is refused by its name, as ever.
    """
    if all(label in network.book for label in (*LABELS, *IMPLEMENTATIONS, STABLECOIN)):
        return ""
    made = _made(network)
    for roles in reversed(_of_kind(made, "Roles")):
        if found := _Suite(network, made, roles).contracts():
            for label, contract in found.items():
                network.learn(label, contract)
            network.find_safe()
            network.found = True
            return _told(roles)
    return ""


def _told(roles: str) -> str:
    return f"a suite of the deployer's stands (its roles at {roles})"


def _made(network: EvmConnection) -> dict[str, bytes]:
    """What the deployer created, the oldest first: the code at each address."""
    if DEPLOYER not in network.manifest.accounts:
        return {}
    try:
        sender = network.chain.address(DEPLOYER)
    except InputError:
        return {}  # a keystore of another machine, whose address nobody here knows
    places = [created_by(sender, nonce) for nonce in range(min(network.node.nonce(sender), MOST))]
    answers = network.node.batch(("eth_getCode", [one, "latest"]) for one in places)
    codes = (bytes.fromhex(str(result("eth_getCode", one))[2:]) for one in answers)
    return {at: code for at, code in zip(places, codes, strict=True) if code}


def _of_kind(made: Mapping[str, bytes], kind: str) -> list[str]:
    """Where contracts of a kind stand, whatever their immutables."""
    built = artifact(kind)
    size = code_size(built)
    return [at for at, code in made.items() if len(code) == size and code.startswith(built.runtime)]


@dataclass(frozen=True)
class _Suite:
    """The contracts that answer to one Roles."""

    network: EvmConnection
    made: Mapping[str, bytes]
    roles: str

    def contracts(self) -> dict[str, Contract]:
        """All of it, by label; nothing where something that every suite has is missing."""
        found = {ROLES: Contract("Roles", self.roles), **dict(self._answering())}
        if {*KINDS} - OPTIONAL - {*found}:
            return {}
        pinned = self.network.chain.call(found["beacon"], "pinned")
        found |= {label: Contract(TOKEN, at) for label, at in zip(IMPLEMENTATIONS, pinned, strict=True)}
        found |= self._timelock()
        found |= self._mocks(found["market"])
        found |= self._safes()
        known = {label for label, _ in self.network.book}
        return found if {*LABELS, STABLECOIN} <= {*found, *known} else {}

    def _answering(self) -> Iterator[tuple[str, Contract]]:
        for label, kind in KINDS.items():
            built = artifact(kind)
            for at in _of_kind(self.made, kind):
                if immutable_address(self.made[at], built, ANSWERS_TO) == self.roles:
                    yield label, Contract(kind, at)

    def _timelock(self) -> dict[str, Contract]:
        """The timelock that administers; before the hand-over to it there is none that is known by its code alone."""
        places = _of_kind(self.made, "Timelock")
        calls = [Call(Contract("Roles", self.roles), "hasRole", (ADMIN, at)) for at in places]
        held = self.network.chain.call_many(calls) if calls else []
        at = next((one for one, holds in zip(places, held, strict=True) if holds), None)
        return {} if at is None else {TIMELOCK: Contract("Timelock", at)}

    def _mocks(self, market: Contract) -> dict[str, Contract]:
        """The stand-ins of stablecoins that the market settles in, in the manifest's order."""
        assets = enumerate(self.network.manifest.settlement.assets.items())
        labels = [asset_label(place, symbol) for place, (symbol, at) in assets if at == MOCK]
        places = _of_kind(self.made, mocks.STABLECOIN)
        calls = [Call(market, "assetListed", (at,)) for at in places]
        listed = self.network.chain.call_many(calls) if calls else []
        settling = (at for at, is_listed in zip(places, listed, strict=True) if is_listed)
        return {label: Contract(mocks.STABLECOIN, at) for label, at in zip(labels, settling, strict=False)}

    def _safes(self) -> dict[str, Contract]:
        """What the deployer made of the Safe's contracts, on a chain that lacks the public ones."""
        known = {digest: name for name in PACKAGED for digest in code_hashes(name)}
        named = {at: known.get(hash_of(code)) for at, code in self.made.items()}
        return {CANONICAL[name].label: Contract(name, at) for at, name in named.items() if name is not None}
