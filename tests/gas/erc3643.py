"""A peer: ERC-3643 as its authors ship it, with one claim topic, one signed claim a side and no module."""

from __future__ import annotations

import json

from bench_chain import NODE_MODULES, BenchChain
from eth_abi import encode
from eth_account.messages import encode_defunct
from eth_utils import keccak

from scrip.evm.accounts import local_account
from scrip.evm.chain import Contract
from scrip.evm.encoding.abi import ZERO_ADDRESS

TREX = NODE_MODULES / "@tokenysolutions/t-rex"
ONCHAIN_ID = NODE_MODULES / "@onchain-id/solidity"
TOPIC, ECDSA_SCHEME, CLAIM_KEY = 1, 1, 3
COUNTRY = 276
UNIT = 10**18
REGISTRIES = ("ClaimTopicsRegistry", "IdentityRegistry", "IdentityRegistryStorage", "TrustedIssuersRegistry")


def version() -> str:
    """Both packages that the deployment is made of."""
    packages = (json.loads((folder / "package.json").read_text()) for folder in (TREX, ONCHAIN_ID))
    return ", ".join(f"{package['name']}@{package['version']}" for package in packages)


def measure(chain: BenchChain) -> dict[str, int]:
    """Whole-transaction gas by case: behind proxies, as the authors' factory deploys it, and bare ("direct")."""
    return _cases(chain, True) | {case.replace(".", ".direct.", 1): gas for case, gas in _cases(chain, False).items()}


def _cases(chain: BenchChain, proxied: bool) -> dict[str, int]:
    token, bob = _Deployment(chain, proxied).token, chain.address("bob")
    chain.send(token, "mint", chain.address("alice"), 100 * UNIT, sender="agent")
    cases = {"mint.warm": chain.gas(token, "mint", chain.address("alice"), 100 * UNIT, sender="agent")}
    cases["transfer.new"] = chain.gas(token, "transfer", bob, UNIT, sender="alice")
    cases["transfer.warm"] = chain.gas(token, "transfer", bob, UNIT, sender="alice")
    chain.send(token, "approve", chain.address("carol"), 10 * UNIT, sender="alice")
    cases["transferFrom.warm"] = chain.gas(token, "transferFrom", chain.address("alice"), bob, UNIT, sender="carol")
    return cases


class _Deployment:
    def __init__(self, chain: BenchChain, proxied: bool) -> None:
        self._chain, self._proxied = chain, proxied
        for name in (*REGISTRIES, "ModularCompliance", "Token"):
            self._learn(name, "registry/implementation" if name in REGISTRIES else _FOLDERS[name])
            proxy = f"{name}Proxy"
            chain.learn_foreign(proxy, TREX / f"artifacts/contracts/proxy/{proxy}.sol/{proxy}.json")
        self._learn("TREXImplementationAuthority", "proxy/authority")
        for name in ("ClaimIssuer", "Identity"):
            chain.learn_foreign(name, ONCHAIN_ID / f"artifacts/contracts/{name}.sol/{name}.json")
        self._wire()
        for account in ("alice", "bob"):
            self._identify(account)

    def _learn(self, name: str, folder: str) -> None:
        self._chain.learn_foreign(name, TREX / f"artifacts/contracts/{folder}/{name}.sol/{name}.json")

    def _new(self, name: str, *args: object) -> Contract:
        return self._chain.deploy(name, *args, sender="agent")

    def _send(self, contract: Contract, function: str, *args: object) -> int:
        return self._chain.gas(contract, function, *args, sender="agent")

    def _part(self, name: str, *args: object) -> Contract:
        """The contract `name`, behind its proxy or bare, initialised with `args`."""
        if self._proxied:
            return Contract(name, self._new(f"{name}Proxy", self._authority.address, *args).address)
        contract = self._new(name)
        self._send(contract, "init", *args)
        return contract

    def _wire(self) -> None:
        order = ("Token", "ClaimTopicsRegistry", "IdentityRegistry", "IdentityRegistryStorage")
        implementations = [self._new(name).address for name in (*order, "TrustedIssuersRegistry", "ModularCompliance")]
        self._authority = self._new("TREXImplementationAuthority", True, ZERO_ADDRESS, ZERO_ADDRESS)
        self._send(self._authority, "addAndUseTREXVersion", (4, 1, 6), tuple(implementations))
        topics, storage = self._part("ClaimTopicsRegistry"), self._part("IdentityRegistryStorage")
        issuers = self._part("TrustedIssuersRegistry")
        parts = (issuers.address, topics.address, storage.address)
        self.registry = self._part("IdentityRegistry", *parts)
        compliance = self._part("ModularCompliance")
        terms = ("Microsoft", "MSFT", 18, ZERO_ADDRESS)
        self.token = self._part("Token", self.registry.address, compliance.address, *terms)
        self._send(storage, "bindIdentityRegistry", self.registry.address)
        agent = self._chain.address("agent")
        self._send(self.registry, "addAgent", agent)
        self._send(self.token, "addAgent", agent)
        self._send(topics, "addClaimTopic", TOPIC)
        self._issuer = self._new("ClaimIssuer", agent)
        signer = keccak(encode(["address"], [self._chain.address("claim signer")]))
        self._send(self._issuer, "addKey", signer, CLAIM_KEY, ECDSA_SCHEME)
        self._send(issuers, "addTrustedIssuer", self._issuer.address, [TOPIC])
        self._send(self.token, "unpause")

    def _identify(self, account: str) -> None:
        """An identity with one signed claim, registered for the account."""
        address = self._chain.address(account)
        identity = self._new("Identity", address, False)
        data = b"cleared"
        digest = keccak(encode(["address", "uint256", "bytes"], [identity.address, TOPIC, data]))
        signed = local_account("claim signer").sign_message(encode_defunct(digest))
        claim = (TOPIC, ECDSA_SCHEME, self._issuer.address, bytes(signed.signature), data, "")
        self._chain.send(identity, "addClaim", *claim, sender=account)
        self._send(self.registry, "registerIdentity", address, identity.address, COUNTRY)


_FOLDERS = {"ModularCompliance": "compliance/modular", "Token": "token"}
