"""Instructions about the register as transactions: investors and wallets, attestations, sanctions, lost wallets."""

from __future__ import annotations

from collections.abc import Callable

from scrip import instructions as ins
from scrip.evm import mocks
from scrip.evm.encoding.attestations import Attestation
from scrip.evm.encoding.values import (
    CLASSES,
    CUSTODIAN,
    Facts,
    Transaction,
    document_hash,
    investor_number,
    key_word,
    known_or_nothing,
)
from scrip.instructions import Instruction
from scrip.plan import Address, StepKey

REGISTRY = "ComplianceRegistry"


def register(order: Instruction, facts: Facts) -> Transaction:
    """What carries an instruction about the register out; TypeError for what is none."""
    match order:
        case _ if isinstance(order, ins.Attesting):
            sender, function, args = _attest(order, facts)
        case ins.AnswerSanctions(account, answer):
            args = (Address(account), ANSWERS[answer])
            return Transaction(CUSTODIAN, ins.SANCTIONS_ORACLE, mocks.SANCTIONS_ORACLE, "setAnswer", args)
        case _ if isinstance(order, ins.Sanctioning):
            sender, function, args = _screen(order)
        case _ if isinstance(order, ins.Recovery):
            sender, function, args = _recover(order, facts)
        case ins.KeyedInstruction():
            function, args = _keep(order)
            sender, args = order.by, (key_word(order.key), *args)
        case _:
            raise TypeError(f"no instruction: {order!r}")
    return Transaction(sender, "registry", REGISTRY, function, args)


ANSWERS: dict[ins.Answer, int] = {"clean": 0, "listed": 1, "none": 2}
"""As the mock of the sanctions oracle takes them."""


def onboarding(orders: tuple[ins.Onboard, ...], by: str) -> Transaction:
    """One transaction that onboards all of `orders` or none; 200 at most."""
    return Transaction(by, "registry", REGISTRY, "onboard", (StepKey(), [_entry(order) for order in orders]))


def _keep(order: ins.KeyedInstruction) -> tuple[str, tuple]:
    """Function and arguments behind the key."""
    match order:
        case ins.Onboard():
            return "onboard", ([_entry(order)],)
        case ins.LinkWallet(investor, wallet):
            return "linkWallet", (investor_number(investor), Address(wallet))
        case ins.UnlinkWallet(investor, wallet, reason, document):
            return "unlinkWallet", (investor_number(investor), Address(wallet), reason, document_hash(document))
        case ins.Renew(investor, expiry):
            return "renew", (investor_number(investor), expiry)
        case ins.SetProfile(investor, country, investor_class):
            return "setProfile", (investor_number(investor), country, CLASSES[investor_class])
        case ins.Block(investor, reason, document):
            return "block", (investor_number(investor), reason, document_hash(document))
        case ins.Unblock(investor, reason, document):
            return "unblock", (investor_number(investor), reason, document_hash(document))
        case ins.BlockWallet(wallet, reason, document):
            return "blockWallet", (Address(wallet), reason, document_hash(document))
        case ins.UnblockWallet(wallet, reason, document):
            return "unblockWallet", (Address(wallet), reason, document_hash(document))
    raise TypeError(f"no instruction: {order!r}")


def _entry(order: ins.Onboard) -> tuple:
    number = investor_number(order.investor)
    return number, Address(order.wallet), order.country, CLASSES[order.investor_class], order.expiry


def attestation_of(order: ins.OnboardAttested, at: Callable[[str], str]) -> Attestation:
    """What the provider is to sign; `at` gives an account's address."""
    terms = order.attestation
    return Attestation(
        provider=at(terms.provider),
        investor=investor_number(order.investor),
        wallet=at(order.wallet),
        country=order.country,
        investorClass=CLASSES[order.investor_class],
        expiry=order.expiry,
        nonce=terms.nonce,
        deadline=terms.deadline,
    )


def _attest(order: ins.Attesting, facts: Facts) -> tuple[str, str, tuple]:
    """Sender, function and arguments."""
    match order:
        case ins.OnboardAttested(wallet=wallet, by=by):
            signed = facts.attested(order)
            return by or wallet, "onboardWithAttestation", (signed.attestation.values(), signed.signature)
        case ins.CancelAttestation(provider, nonce):
            return provider, "cancelAttestation", (nonce,)
        case ins.DropProvider(provider, reason, document):
            return order.by, "dropProvider", (Address(provider), reason, document_hash(document))
        case ins.ReadmitProvider(provider):
            return order.by, "readmitProvider", (Address(provider),)


def _screen(order: ins.SetSanctionsOracle | ins.SuspendSanctionsOracle | ins.Screen) -> tuple[str, str, tuple]:
    match order:
        case ins.SetSanctionsOracle(oracle):
            return order.by, "setSanctionsOracle", (Address(oracle),)
        case ins.SuspendSanctionsOracle():
            return order.by, "suspendSanctionsOracle", ()
        case ins.Screen(wallets):
            ins.check_count("wallets", wallets, ins.MAX_SCREENED)
            return order.by or CUSTODIAN, "screen", ([Address(wallet) for wallet in wallets],)


def _recover(order: ins.Recovery, facts: Facts) -> tuple[str, str, tuple]:
    ins.check_count("stocks", order.stocks, ins.MAX_RECOVERED)
    stocks = [known_or_nothing(stock, facts) for stock in order.stocks]
    match order:
        case ins.RecoverWallet(investor, old, new, reason, document):
            wallets = investor_number(investor), Address(old), Address(new)
            args = (key_word(order.key), *wallets, reason, document_hash(document), stocks)
            return order.by, "recoverWallet", args
        case ins.RecoverIn(old):
            return order.by or CUSTODIAN, "recoverIn", (Address(old), stocks)
