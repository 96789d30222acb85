"""The instructions about the register, applied: investors and wallets, attestations, sanctions, lost wallets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.instructions import Instruction
from scrip.model.investors import Directory
from scrip.model.token import Token

if TYPE_CHECKING:
    from scrip.model.ledger import ModelConfig


def register(
    directory: Directory, tokens: Mapping[str, Token], order: Instruction, config: ModelConfig, now: int
) -> None:
    """Do it, or raise Refusal as the directory's methods say. `tokens` are the stocks by name."""
    match order:
        case _ if isinstance(order, ins.Attesting):
            _attest(directory, order, config, now)
        case _ if isinstance(order, ins.Sanctioning):
            _screen(directory, order, config)
        case _ if isinstance(order, ins.Recovery):
            _recover(directory, tokens, order, now)
        case _:
            _keep(directory, order)


def _keep(directory: Directory, order: Instruction) -> None:
    match order:
        case ins.Onboard(investor=investor, wallet=wallet, key=key):
            directory.onboard(key, investor, wallet, order.country, order.investor_class, order.expiry)
        case ins.LinkWallet(investor=investor, wallet=wallet, key=key):
            directory.link_wallet(key, investor, wallet)
        case ins.UnlinkWallet(investor=investor, wallet=wallet, key=key):
            directory.unlink_wallet(key, investor, wallet, order.reason, order.document)
        case ins.Renew(investor=investor, expiry=expiry, key=key):
            directory.renew(key, investor, expiry)
        case ins.SetProfile(investor=investor, country=country, key=key):
            directory.set_profile(key, investor, country, order.investor_class)
        case ins.Block(investor=investor, key=key) | ins.Unblock(investor=investor, key=key):
            blocked = isinstance(order, ins.Block)
            directory.set_blocked(key, investor, blocked, order.reason, order.document)
        case ins.BlockWallet(wallet=wallet, key=key) | ins.UnblockWallet(wallet=wallet, key=key):
            blocked = isinstance(order, ins.BlockWallet)
            directory.set_wallet_blocked(key, wallet, blocked, order.reason, order.document)
        case _:
            raise TypeError(f"no instruction: {order!r}")


def _attest(directory: Directory, order: ins.Attesting, config: ModelConfig, now: int) -> None:
    attestations = directory.attestations
    match order:
        case ins.OnboardAttested(investor, wallet, country, investor_class, expiry, terms):
            attestations.check(order, config.holding("KYC_PROVIDER"), now)
            directory.record(investor, wallet, country, investor_class, expiry)
            attestations.cancel(terms.provider, terms.nonce)
        case ins.CancelAttestation(provider, nonce):
            attestations.cancel(provider, nonce)
        case ins.DropProvider(provider, reason, document):
            attestations.drop(provider, reason, document)
        case ins.ReadmitProvider(provider):
            attestations.readmit(provider)


def _screen(directory: Directory, order: ins.Sanctioning, config: ModelConfig) -> None:
    match order:
        case ins.SetSanctionsOracle(oracle):
            directory.sanctions.set_oracle(oracle, config.oracles)
        case ins.SuspendSanctionsOracle():
            directory.sanctions.suspend()
        case ins.Screen(wallets):
            ins.check_count("wallets", wallets, ins.MAX_SCREENED)
            directory.screen(wallets)
        case ins.AnswerSanctions(account, answer):
            directory.sanctions.teach(ins.SANCTIONS_ORACLE, account, answer)


def _recover(directory: Directory, tokens: Mapping[str, Token], order: ins.Recovery, now: int) -> None:
    ins.check_count("stocks", order.stocks, ins.MAX_RECOVERED)
    match order:
        case ins.RecoverWallet(investor, old, new, reason, document, stocks, key=key):
            directory.check_recovery(key, investor, old, new, reason, document)
            _check_stocks(stocks, tokens)
            directory.recover(key, investor, old, new)
            heir = new
        case ins.RecoverIn(old, stocks):
            heir = directory.heir(old)
            _check_stocks(stocks, tokens)
    for stock in stocks:
        tokens[stock].recover(old, heir, now)


def _check_stocks(stocks: Iterable[str], tokens: Mapping[str, Token]) -> None:
    for stock in stocks:
        if stock not in tokens:
            raise Refusal("registry: not a stock", stock)
