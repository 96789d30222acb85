"""What a holder signs to choose between cash and stock without sending a transaction: EIP-712, as Elections takes
it."""

from __future__ import annotations

from typing import Any

from scrip.evm.encoding.quotes import DOMAIN_FIELDS

DOMAIN, VERSION = "Scrip Elections", "1"
FIELDS = (
    *(("election", "bytes32"), ("index", "uint256"), ("account", "address")),
    *(("cash", "uint256"), ("secu", "uint256"), ("signer", "address"), ("nonce", "uint256")),
)


def typed_message(
    chain_id: int, contract: str, election: str, index: int, account: str, cash: int, secu: int, signer: str, nonce: int
) -> dict[str, Any]:
    """The full typed message of a choice, bound to one chain and contract; `nonce` is the leaf's next."""
    values = (election, index, account, cash, secu, signer, nonce)
    return {
        "domain": {"name": DOMAIN, "version": VERSION, "chainId": chain_id, "verifyingContract": contract},
        "types": {
            "EIP712Domain": [{"name": name, "type": kind} for name, kind in DOMAIN_FIELDS],
            "Election": [{"name": name, "type": kind} for name, kind in FIELDS],
        },
        "primaryType": "Election",
        "message": dict(zip((name for name, _ in FIELDS), values, strict=True)),
    }
