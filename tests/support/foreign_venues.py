"""Venues that are others' contracts, on a running chain: Uniswap v2 from its npm package, snekmate's ERC-4626 vault."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

from eth_utils import keccak

from scrip.chains.evm import EvmNetwork
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.encoding.words import decode, encode
from scrip.evm.rpc.chain import RpcChain

ROOT = Path(__file__).resolve().parents[2]
FACTORY = ROOT / "node_modules" / "@uniswap" / "v2-core" / "build" / "UniswapV2Factory.json"
"""What Uniswap compiled; it makes its pairs itself, from code inside."""
VAULT = ROOT / "tests" / "contracts" / "stubs" / "ShareVault.vy"
COIN, UNIT = 10**6, 10**18
PRICE = 400
"""Coins that go into the pair with a token."""
TRANSFER, BALANCE, MINT = "transfer(address,uint256)", "balanceOf(address)", "mint(address)"
KEPT = ROOT / "build" / "venues" / "sources"
"""Where the vault is compiled, so that it is compiled once."""


@cache
def _vault_code() -> bytes:
    KEPT.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(VAULT, KEPT / VAULT.name)
    return artifact(VAULT.stem, KEPT).initcode


def send(chain: RpcChain, sender: str, to: str, signature: str, *args: object) -> None:
    """Have a named account call a function that is told by its signature."""
    chain.transact(sender, to, keccak(text=signature)[:4] + encode(_types(signature), args))


def ask(chain: RpcChain, to: str, signature: str, *args: object, answers: str = "uint256") -> object:
    """What a view answers, one value."""
    data = chain.node.call(to, keccak(text=signature)[:4] + encode(_types(signature), args))
    return decode([answers], data)[0]


def _types(signature: str) -> list[str]:
    inside = signature[signature.index("(") + 1 : -1]
    return inside.split(",") if inside else []


def factory(chain: RpcChain, sender: str) -> str:
    """A factory of pairs, whose fee nobody takes; its address."""
    code = bytes.fromhex(json.loads(FACTORY.read_text())["bytecode"].removeprefix("0x"))
    return _created(chain, sender, code + encode(["address"], [chain.address(sender)]))


def pair(chain: RpcChain, maker: str, sender: str, one: str, other: str) -> str:
    """A new pair of two tokens; its address."""
    send(chain, sender, maker, "createPair(address,address)", one, other)
    return str(ask(chain, maker, "getPair(address,address)", one, other, answers="address")).lower()


def vault(chain: RpcChain, sender: str, token: str) -> str:
    """A vault of one token; its address."""
    return _created(chain, sender, _vault_code() + encode(["address"], [token]))


def _created(chain: RpcChain, sender: str, code: bytes) -> str:
    return str(chain.transact(sender, None, code)["contractAddress"]).lower()


class Market:
    """A stock of a deployment that trades in a pair, and lies in a vault; of a second pair nobody has a share."""

    def __init__(self, network: EvmNetwork, stock: str, other: str) -> None:
        self.network, self.chain = network, network.chain
        self.stock, beside = (network.ledger().stocks[one].token.address for one in (stock, other))
        self.coin = network.suite().stablecoin.address
        maker = factory(self.chain, "deployer")
        self.pool = pair(self.chain, maker, "deployer", self.stock, self.coin)
        self.empty = pair(self.chain, maker, "deployer", self.stock, beside)
        self.vault = vault(self.chain, "deployer", self.stock)

    def send(self, sender: str, to: str, signature: str, *args: object) -> None:
        """Have a named account call a function."""
        send(self.chain, sender, to, signature, *args)

    def give(self, sender: str, to: str, tokens: int) -> None:
        """A named account sends whole tokens to an address."""
        self.send(sender, self.stock, TRANSFER, to, tokens * UNIT)

    def supplied(self, sender: str, tokens: int) -> None:
        """Tokens, and coins for them, go into the pair, for its shares."""
        self.give(sender, self.pool, tokens)
        self.send(sender, self.coin, TRANSFER, self.pool, tokens * PRICE * COIN)
        self.send(sender, self.pool, MINT, self.chain.address(sender))

    def lent(self, sender: str, tokens: int) -> None:
        """Units go into the vault, for its shares."""
        self.send(sender, self.stock, "approve(address,uint256)", self.vault, tokens * UNIT)
        self.send(sender, self.vault, "deposit(uint256,address)", tokens * UNIT, self.chain.address(sender))

    def of(self, token: str, account: str) -> int:
        """What an account has of a token."""
        return int(ask(self.chain, token, BALANCE, account))

    def supply(self, token: str) -> int:
        """All there is of a token."""
        return int(ask(self.chain, token, "totalSupply()"))

    def address(self, name: str) -> str:
        """A named account's address."""
        return str(self.chain.address(name)).lower()
