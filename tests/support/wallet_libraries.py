"""EIP-712 signatures as ethers and viem make them, over the domain that a contract shows."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from support.contract_calls import Handle

SCRIPT = Path(__file__).with_suffix(".mjs")


def shown_domain(contract: Handle) -> dict[str, Any]:
    """The domain as a wallet learns it from ERC-5267."""
    fields, name, version, chain_id, verifying, *_ = contract.eip712Domain()
    assert fields == b"\x0f"
    return {"name": name, "version": version, "chainId": chain_id, "verifyingContract": verifying}


def signatures(
    contract: Handle, key: bytes, kind: str, types: dict[str, str], message: dict[str, Any]
) -> dict[str, bytes]:
    """65 bytes by each library. `types` are the fields of the struct `kind`, in its order."""
    request = {
        "key": "0x" + key.hex(),
        "domain": shown_domain(contract),
        "types": {kind: [{"name": name, "type": type_} for name, type_ in types.items()]},
        "primaryType": kind,
        "message": {name: _plain(value) for name, value in message.items()},
    }
    done = subprocess.run(
        ["node", str(SCRIPT)], input=json.dumps(request), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return {name: bytes.fromhex(value[2:]) for name, value in json.loads(done.stdout).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return str(value) if isinstance(value, int) else value
