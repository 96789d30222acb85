"""Votes at meetings: the program has no instruction for them."""

from scrip import instructions as ins
from scrip.solana.handlers.table import lacks

lacks(
    *(
        ins.OpenVote,
        ins.VoidVote,
        ins.ReportVotes,
        ins.PublishDocument,
        ins.ProveWeight,
        ins.CastVote,
        ins.CastSigned,
        ins.ConfirmVote,
    ),
    reason="the program takes no votes: holders there instruct the custodian themselves",
)
