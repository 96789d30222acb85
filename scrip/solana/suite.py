"""A local cluster made ready: the program with its issuer, the stablecoin, and the names of everybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from solders.pubkey import Pubkey

from scrip.errors import ScripError
from scrip.instructions import ISSUER
from scrip.model.actions import Rules
from scrip.roles import SOLANA_ADMIN, SOLANA_ROLES
from scrip.solana.addresses import TOKEN, local_address, local_keypair, token_account
from scrip.solana.chain import Chain
from scrip.solana.litesvm import UPGRADER, LiteSvmChain, token_2022_elf
from scrip.solana.program import StockProgram
from scrip.solana.tokens import MINT_SIZE, create_account, create_mint
from scrip.units import STABLECOIN_DECIMALS

FAUCET = "stablecoin faucet"
ROLES = (SOLANA_ADMIN, *SOLANA_ROLES.values())
CUSTODIAN = "custodian"


@dataclass(frozen=True)
class Suite:
    """What is deployed."""

    program: StockProgram
    stablecoin: Pubkey
    treasury: Pubkey
    """Token account that settlement is paid to and redemptions are paid from."""


@dataclass(frozen=True)
class Build:
    """Where the built program lies in the repository at `root`."""

    root: Path = field(default_factory=lambda: Path(__file__).resolve().parents[2])

    @property
    def elf(self) -> Path:
        """The program."""
        return self.root / "target/deploy/stock_token.so"

    @property
    def idl(self) -> Path:
        """Its interface."""
        return self.root / "target/idl/stock_token.json"


@cache
def program_of(idl: Path) -> StockProgram:
    """The program whose interface is in a file."""
    return StockProgram(idl)


def start_chain(start: int, build: Build | None = None, upgrader: str = UPGRADER) -> tuple[LiteSvmChain, StockProgram]:
    """A fresh cluster with the program, not yet initialised, upgradeable by the local key `upgrader`.

    ScripError where it is not built.
    """
    build = build or Build()
    for path in (build.elf, build.idl):
        if not path.is_file():
            raise ScripError(f"the Solana program is not built, {path} is missing: make program builds it")
    program = program_of(build.idl)
    return LiteSvmChain(program.id, build.elf.read_bytes(), token_2022_elf(build.root), start, upgrader), program


def deploy_suite(chain: Chain, program: StockProgram, rules: Rules | None = None) -> Suite:
    """Name the issuer, make the stablecoin and list it. The issuer holds every role; the custodian attests."""
    rules = rules or Rules()
    upgrader, payer = local_keypair(UPGRADER), chain.payer
    holders = {role: local_address(CUSTODIAN if role == "attestor" else ISSUER) for role in ROLES}
    settings = {
        "split_notice": rules.split_notice,
        "dividend_announce": rules.dividend_announcement,
        "dividend_strike": rules.dividend_notice,
        "grace": rules.receivable_grace,
        "withholding_bps": rules.withholding_bps,
    }
    args = {"genesis": list(chain.genesis), "roles": holders, "settings": settings}
    accounts = {
        "payer": payer.pubkey(),
        "upgrade_authority": upgrader.pubkey(),
        "program_account": program.id,
        "program_data": program.at.program_data,
    }
    chain.send([program.build("initialise", args, accounts=accounts)], [upgrader])

    coins = local_keypair("stablecoin")
    stablecoin = coins.pubkey()
    calls = create_mint(payer.pubkey(), stablecoin, local_address(FAUCET), STABLECOIN_DECIMALS, chain.rent(MINT_SIZE))
    chain.send(calls, [coins])
    # The program's own authority holds the treasury, so that redemptions can be paid from it.
    treasury = token_account(program.at.authority, stablecoin, TOKEN)
    make = create_account(payer.pubkey(), program.at.authority, stablecoin, TOKEN)
    issuer = chain.rich(local_keypair(ISSUER))
    accounts = {
        "signer": issuer.pubkey(),
        "settlement_mint": stablecoin,
        "treasury": treasury,
        "asset": program.at.asset(stablecoin),
    }
    chain.send([make, program.build("list_asset", True, accounts=accounts)], [issuer])
    return Suite(program, stablecoin, treasury)
