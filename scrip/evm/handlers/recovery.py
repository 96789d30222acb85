"""Lost wallets: their holdings given to another of the same investor."""

from __future__ import annotations

from collections.abc import Collection

from scrip import instructions as ins
from scrip.evm.chain import Call, Chain, Contract, ask_all
from scrip.evm.encoding.values import CUSTODIAN, Transaction, document_hash, investor_number, key_word
from scrip.evm.handlers.investors import REGISTRY
from scrip.evm.handlers.table import TRANSACTIONS, Facts, known_or_nothing
from scrip.plan import Address


@TRANSACTIONS.of(ins.RecoverWallet)
def recover_wallet(facts: Facts, order: ins.RecoverWallet) -> Transaction:
    """Name a lost wallet's successor, and move its holdings in these stocks."""
    wallets = (investor_number(order.investor), Address(order.old), Address(order.new))
    args = (key_word(order.key), *wallets, order.reason, document_hash(order.document), _stocks(facts, order))
    return Transaction(order.by, "registry", REGISTRY, "recoverWallet", args)


@TRANSACTIONS.of(ins.RecoverIn)
def recover_in(facts: Facts, order: ins.RecoverIn) -> Transaction:
    """Move a lost wallet's holdings in more stocks to its successor."""
    args = (Address(order.old), _stocks(facts, order))
    return Transaction(order.by or CUSTODIAN, "registry", REGISTRY, "recoverIn", args)


def _stocks(facts: Facts, order: ins.Recovery) -> list[Address]:
    ins.check_count("stocks", order.stocks, ins.MAX_RECOVERED)
    return [known_or_nothing(stock, facts) for stock in order.stocks]


# --- read back -------------------------------------------------------------------------------------------------------


def read_successors(chain: Chain, registry: Contract, accounts: Collection[str]) -> dict[str, tuple[str, int]]:
    """Read the last successor, and the number of the investor, of each of these addresses that was recovered."""
    wallets = sorted(accounts)
    found = ask_all(chain, [Call(registry, "successionOf", (one,)) for one in wallets])
    return {one: (heir, investor) for one, (heir, investor) in zip(wallets, found, strict=True) if investor}
