"""Documents on record. Votes at meetings: the program has no instruction for them."""

from __future__ import annotations

from eth_utils import keccak
from solders.instruction import Instruction as Call

from scrip import instructions as ins
from scrip.solana.addresses import code_word, document_hash, reference_word
from scrip.solana.handlers.table import APPLIED, CALLS, Context, lacks, send_signed

lacks(
    *(ins.OpenVote, ins.VoidVote, ins.ReportVotes, ins.ProveWeight, ins.CastVote, ins.CastSigned, ins.ConfirmVote),
    reason="the program takes no votes: holders there instruct the custodian themselves",
)


@CALLS.of(ins.PublishDocument)
def publish(context: Context, order: ins.PublishDocument) -> list[Call]:
    """Put a document on record about an action of any code, whether the program keeps that action or not."""
    subject = subject_of(context, order.stock, order.code, order.reference)
    said = (list(subject), list(document_hash(order.document)), order.uri)
    return [context.signed("publish_document", order.by, *said, listing=context.listing(order.stock))]


APPLIED.of(ins.PublishDocument)(send_signed)


def subject_of(context: Context, stock: str, code: str, reference: str) -> bytes:
    """The id of an action, the same on every chain that has the stock: it rests on its ISIN at birth and its series."""
    stored = context.demanded(context.listing(stock).stock, "Stock")
    born = bytes(stored.isin) + stored.series.to_bytes(8, "big")
    return bytes(keccak(born + code_word(code) + reference_word(reference)))
