"""The sanctions list: the key that signs it, publishing it, and looking addresses up in it.

Whom it names is blocked, and whatever their wallets have thawed is frozen as anyone may. That it does not name somebody
is kept in a record, which a thaw and a mint of a strict issuer name behind their other accounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.instructions.dividends import word
from scrip.ledger import Receipt
from scrip.model.laws.sanctions_list import Gap
from scrip.model.state.sanctions import SanctionsList
from scrip.solana.addresses import SYSTEM
from scrip.solana.encoding import messages
from scrip.solana.encoding.program import StockProgram
from scrip.solana.handlers.client import Client
from scrip.solana.handlers.table import APPLIED, CALLS, Context, lacks, send_signed

lacks(ins.AnswerSanctions, reason="the program asks no contract: its sanctions oracle signs lists")

CONCERNED = ("provider", "investor", "wallet", "used_nonce")
"""The accounts that the instructions share with those about KYC providers: the first is the list's record here."""


class StoredList(Protocol):
    """The list's record, as the program keeps it. Times are UTC seconds."""

    oracle: Pubkey
    root: bytes
    serial: int
    expiry: int


@CALLS.of(ins.SetSanctionsOracle)
def set_oracle(context: Context, order: ins.SetSanctionsOracle) -> list[Call]:
    """Name whose lists count."""
    return [setting(context.program, context.address(order.by), context.address(order.oracle))]


def setting(program: StockProgram, signer: Pubkey, oracle: Pubkey) -> Call:
    """The instruction that names whose lists count; the system program's address is nobody's."""
    accounts = {"signer": signer} | dict.fromkeys(CONCERNED, program.at.sanctions_list)
    return program.build("set_sanctions_oracle", oracle, accounts=accounts)


@CALLS.of(ins.SuspendSanctionsOracle)
def suspend_oracle(context: Context, order: ins.SuspendSanctionsOracle) -> list[Call]:
    """Believe whoever signs lists no longer."""
    return [_call(context, "suspend_sanctions_oracle", order.by)]


APPLIED.of(ins.SetSanctionsOracle, ins.SuspendSanctionsOracle)(send_signed)


@CALLS.of(ins.PublishList)
def publish_list(context: Context, order: ins.PublishList) -> list[Call]:
    """Show the oracle's signature of a list, with whatever fault it has, and publish it."""
    said = messages.SignedList(word(order.root, "root"), order.serial, order.issued, order.expiry)
    signer = context.keys.signer("forger" if order.forged else order.oracle)
    digest = said.digest(context.chain.genesis, context.program.id, context.program.at.issuer)
    return [messages.signed_by(signer, digest), publishing(context, said, order.by)]


def shown(context: Context, said: messages.SignedList, oracle: Pubkey, signature: bytes, sender: str) -> list[Call]:
    """The calls of a list that was signed elsewhere: the signature, and its publication."""
    digest = said.digest(context.chain.genesis, context.program.id, context.program.at.issuer)
    return [messages.signature_instruction([(oracle, signature, digest)]), publishing(context, said, sender)]


def publishing(context: Context, said: messages.SignedList, sender: str) -> Call:
    """The instruction that publishes what the one just before it has signed."""
    args = {"root": list(said.root), "serial": said.serial, "issued": said.issued, "expiry": said.expiry}
    return _call(context, "publish_list", sender, args)


@CALLS.of(ins.Screen)
def screen(context: Context, order: ins.Screen) -> list[Call]:
    """Show for each address the gap of the list that it begins or lies in."""
    ins.check_count("wallets", order.wallets, ins.MAX_SCREENED)
    if len(order.gaps) != len(order.wallets):
        raise InputError("are not one for each wallet", field="gaps", value=len(order.gaps))
    pairs = zip(order.wallets, order.gaps, strict=True)
    return [screening(context, context.address(wallet), Gap.of(gap), order.by) for wallet, gap in pairs]


def screening(context: Context, holder: Pubkey, gap: Gap, sender: str) -> Call:
    """The instruction that looks one address up."""
    at = context.program.at
    # A look-up reads the records of a hit, or the one of an absence: the fewer are named, the more have room.
    places = {"used_nonce": at.unlisted(holder)}
    if gap.lists(bytes(holder)):
        places = {"wallet": at.wallet(holder), "investor": context.investors.record_of(holder)}
    args = {"low": list(gap.low), "high": list(gap.high), "path": [list(one) for one in gap.path]}
    return _call(context, "screen", sender, holder, args, places=places)


@APPLIED.of(ins.PublishList)
def apply_publish(context: Context, order: ins.PublishList) -> Receipt:
    """Sent by anyone."""
    return context.send(CALLS(context, order), [order.by] if order.by else [])


@APPLIED.of(ins.Screen)
def apply_screen(context: Context, order: ins.Screen) -> Receipt:
    """Look the addresses up, and freeze what those who are listed have thawed, with all wallets of their investors."""
    done = context.send(CALLS(context, order), [order.by] if order.by else [])
    gaps = dict(zip(order.wallets, map(Gap.of, order.gaps), strict=True))
    hits = [wallet for wallet, gap in gaps.items() if gap.lists(bytes(context.address(wallet)))]
    context.investors.crank_all(
        dict.fromkeys(one for wallet in hits for one in siblings(context, context.address(wallet)))
    )
    return done


def siblings(context: Context, holder: Pubkey) -> list[str]:
    """A wallet and the others of its investor, as addresses."""
    place = context.investors.record_of(holder)
    return [str(holder), *(map(str, context.investors.holders_of(place)) if place != SYSTEM else ())]


def _call(context: Context, name: str, by: str, *args: object, places: Mapping[str, Pubkey] | None = None) -> Call:
    at = context.program.at
    signer = context.address(by) if by else context.chain.payer.pubkey()
    # The list's record stands for what an instruction is not about.
    accounts = {"signer": signer} | dict.fromkeys(CONCERNED, at.sanctions_list)
    accounts |= dict(places or {})
    return context.program.build(name, *args, accounts=accounts)


# --- read back -------------------------------------------------------------------------------------------------------


def read_list(context: Client, named: Mapping[Pubkey, str], strict: bool) -> SanctionsList:
    """The list that counts, and which of the named wallets were shown to be absent from which."""
    at = context.program.at
    shown = context.records([at.unlisted(one) for one in named], "Unlisted")
    roots = {name: bytes(one.root) for name, one in zip(named.values(), shown, strict=True) if one is not None}
    found: Any = context.record(at.sanctions_list, "SanctionsList")
    if found is None:
        return SanctionsList(strict, shown=roots)
    return SanctionsList(
        strict,
        "" if found.oracle == SYSTEM else named.get(found.oracle, str(found.oracle)),
        found.since,
        found.suspended,
        bytes(found.root) if found.serial else b"",
        found.serial,
        found.issued,
        found.expiry,
        roots,
    )


def not_shown(context: Client, holders: Iterable[Pubkey], root: bytes) -> list[Pubkey]:
    """Those wallets that were not shown to be absent from the list of this root."""
    asked = list(holders)
    records = context.records([context.program.at.unlisted(one) for one in asked], "Unlisted")
    return [one for one, record in zip(asked, records, strict=True) if record is None or bytes(record.root) != root]
