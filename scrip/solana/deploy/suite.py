"""A local cluster made ready: the program with its issuer, the stablecoin, and the names of everybody."""

from __future__ import annotations

from collections.abc import Mapping

from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip.errors import ScripError
from scrip.instructions.base import ISSUER
from scrip.model.state import Rules
from scrip.roles import SOLANA_ADMIN, SOLANA_ROLES
from scrip.solana.addresses import TOKEN, local_address, local_keypair, token_account
from scrip.solana.build import Build
from scrip.solana.chain import Chain
from scrip.solana.encoding.program import StockProgram, Suite, program_of
from scrip.solana.encoding.tokens import MINT_SIZE, create_account, create_mint
from scrip.solana.keys import CUSTODIAN, FAUCET
from scrip.solana.local.litesvm import UPGRADER, LiteSvmChain, token_2022_elf
from scrip.units import STABLECOIN_DECIMALS

ROLES = (SOLANA_ADMIN, *SOLANA_ROLES.values())


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
    call = initialise(program, payer.pubkey(), upgrader.pubkey(), chain.genesis, holders, rules)
    chain.send([call], [upgrader])

    coins = local_keypair("stablecoin")
    stablecoin = coins.pubkey()
    calls = create_mint(payer.pubkey(), stablecoin, local_address(FAUCET), STABLECOIN_DECIMALS, chain.rent(MINT_SIZE))
    chain.send(calls, [coins])
    # The program's own authority holds the treasury, so that redemptions can be paid from it.
    treasury = token_account(program.at.authority, stablecoin, TOKEN)
    make = create_account(payer.pubkey(), program.at.authority, stablecoin, TOKEN)
    issuer = chain.rich(local_keypair(ISSUER))
    chain.send([make, list_asset(program, issuer.pubkey(), stablecoin, treasury)], [issuer])
    return Suite(program, stablecoin, treasury)


def settings_of(rules: Rules) -> dict[str, int | bool]:
    """The issuer's settings by the program's names."""
    return {
        "split_notice": rules.split_notice,
        "dividend_announce": rules.dividend_announcement,
        "dividend_strike": rules.dividend_notice,
        "grace": rules.receivable_grace,
        "withholding_bps": rules.withholding_bps,
        "strict_list": rules.strict_list,
    }


def initialise(
    program: StockProgram,
    payer: Pubkey,
    authority: Pubkey,
    genesis: bytes,
    holders: Mapping[str, Pubkey],
    rules: Rules,
) -> Call:
    """The program's first instruction: roles by its own field names. `authority` may upgrade it, and signs."""
    args = {"genesis": list(genesis), "roles": dict(holders), "settings": settings_of(rules)}
    accounts = {
        "payer": payer,
        "upgrade_authority": authority,
        "program_account": program.id,
        "program_data": program.at.program_data,
    }
    return program.build("initialise", args, accounts=accounts)


def list_asset(program: StockProgram, admin: Pubkey, asset: Pubkey, treasury: Pubkey, listed: bool = True) -> Call:
    """The instruction that lets an asset settle quotes, or no more."""
    accounts = {"signer": admin, "settlement_mint": asset, "treasury": treasury, "asset": program.at.asset(asset)}
    return program.build("list_asset", listed, accounts=accounts)
