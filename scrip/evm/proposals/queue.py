"""The nonce of a Safe's next proposal: behind what its owners were asked to sign already and have not carried out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from eth_utils import to_checksum_address

from scrip.errors import InputError
from scrip.evm.chain import Contract
from scrip.evm.compiled.safe import SAFE
from scrip.evm.connection import EvmConnection
from scrip.evm.rpc.wire import TIMEOUT, shown
from scrip.evm.safe.creation import LABEL
from scrip.evm.safe.document import MAX_BYTES

PAGES = 20
"""Of the service's answer, a hundred transactions each."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A nonce, and why it is this one, for people."""

    nonce: int
    why: str


def draw(network: EvmConnection, folder: Path, wished: int | None = None) -> Drawn:
    """The lowest nonce that nothing waiting has, or the one wished for.

    What waits are the proposals' files in the folder and, where the manifest's `safe.service_env` names a Safe
    transaction service, what that has queued. InputError for a nonce that was used, and where the service does not
    answer and no nonce was wished for.
    """
    safe = Contract(SAFE, network.chain.address(LABEL))
    following = int(network.chain.call(safe, "nonce"))
    if wished is not None and wished < following:
        raise InputError(f"was used: the Safe's next is {following}", field="nonce", value=wished)
    taken: dict[int, str] = {}
    for nonce, name in _in_files(folder, network.chain.chain_id(), safe.address):
        taken[nonce] = f"{taken[nonce]}, {name}" if nonce in taken else name
    if wished is None or _service(network):
        try:
            taken |= _in_service(network, safe.address, following)
        except InputError:
            if wished is None:
                raise
    if wished is not None:
        other = f"; {taken[wished]} has it, too, and only one of the two can be executed" if wished in taken else ""
        return Drawn(wished, f"as --nonce says, and the Safe's next is {following}{other}")
    free = following
    while free in taken:
        free += 1
    before = dict.fromkeys(taken[one] for one in range(following, free))
    return Drawn(free, f"behind {', '.join(before)}" if before else "the Safe's next, and nothing waits for it")


def _in_files(folder: Path, chain_id: int, safe: str) -> Iterator[tuple[int, str]]:
    """The nonces of a Safe's proposals in a folder, with the file that has each. What is no proposal is passed over."""
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        try:
            if not path.is_file() or path.stat().st_size > MAX_BYTES:
                continue
            tx = json.loads(path.read_bytes())["scrip"]["tx"]
            if (tx["chainId"], tx["safe"]) == (str(chain_id), safe) and type(tx["nonce"]) is int:
                yield tx["nonce"], path.name
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            continue


def _service(network: EvmConnection) -> str:
    return network.manifest.safe.service_env


def _in_service(network: EvmConnection, safe: str, following: int) -> dict[int, str]:
    """The nonces that a Safe transaction service has queued. A password in its URL is sent as a bearer token."""
    variable = _service(network)
    if not variable:
        return {}
    url = os.environ.get(variable, "")
    if not url:
        raise InputError("is not set: it names the Safe's service; or say --nonce", field=variable)
    page = f"/api/v1/safes/{to_checksum_address(safe)}/multisig-transactions/"
    query: dict[str, object] | None = {"executed": "false", "nonce__gte": following, "limit": 100}
    found: dict[int, str] = {}
    for _ in range(PAGES):
        answer = _asked(url, page, query)
        found |= {int(one["nonce"]): "the Safe's service" for one in answer["results"] if not one.get("isExecuted")}
        onward = answer.get("next")
        if not onward:
            break
        parts = urlsplit(str(onward))
        page, query = f"{parts.path}?{parts.query}".removeprefix(urlsplit(url).path.rstrip("/")), None
    return {nonce: where for nonce, where in found.items() if nonce >= following}


def _asked(url: str, page: str, query: Mapping[str, object] | None) -> Any:
    import requests

    parts = urlsplit(url)
    address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl().rstrip("/") + page
    headers = {"Authorization": f"Bearer {parts.password}"} if parts.password else {}
    try:
        response = requests.get(address, params=query, headers=headers, timeout=TIMEOUT)  # type: ignore[arg-type]
        response.raise_for_status()
        answer = response.json()
        if not isinstance(answer["results"], list) or not all(int(one["nonce"]) >= 0 for one in answer["results"]):
            raise ValueError
        return answer
    except (requests.RequestException, ValueError, LookupError, TypeError) as error:
        reason = f"the Safe's service at {shown(url)} does not answer ({type(error).__name__}): say --nonce"
        raise InputError(reason, field="safe.service_env") from None
