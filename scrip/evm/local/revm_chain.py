"""revm as a chain: the fastest there is in Python, for campaigns of many steps."""

from __future__ import annotations

import re
from typing import Any

from pyrevm import EVM, BlockEnv

from scrip.errors import Refusal
from scrip.evm.chain import Contract, Log
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.refusals import refusal
from scrip.evm.local.local_chain import LocalChain

CHAIN_ID = 1
GAS_LIMIT = 100_000_000
_REVERT = re.compile(r"^Revert \{ gas_used: \d+, output: 0x([0-9a-f]*) \}$")


class RevmChain(LocalChain):
    """One revm instance, Cancun rules. Gas is not counted: storage stays warm from one call to the next."""

    def __init__(self, start: int) -> None:
        self.evm = EVM(spec_id="CANCUN")
        self._block = 1
        super().__init__(start)

    def chain_id(self) -> int:
        """The chain's id as EIP-155 has it: revm's default."""
        return CHAIN_ID

    def _set_time(self, t: int) -> None:
        self._block += 1
        self.evm.set_block_env(BlockEnv(number=self._block, timestamp=t))

    def _refused(self, error: RuntimeError) -> Refusal:
        found = _REVERT.match(str(error))
        return refusal(bytes.fromhex(found[1]), self.name) if found else Refusal(f"halted: {error}")

    def _create(self, sender: str, initcode: bytes, contract: str) -> str:  # noqa: ARG002
        try:
            return self.evm.deploy(sender, initcode, gas=GAS_LIMIT)
        except RuntimeError as error:
            raise self._refused(error) from None

    def _execute(self, sender: str, to: str, data: bytes) -> int | None:
        try:
            self.evm.message_call(sender, to, calldata=data, gas=GAS_LIMIT)
        except RuntimeError as error:
            raise self._refused(error) from None
        for log in self.evm.result.logs if self.evm.result else ():
            topics, said = log.data
            self._logs.append((log.address.lower(), Log(tuple(topics), said)))
        return None

    def _query(self, to: str, data: bytes) -> bytes:
        try:
            answer = self.evm.message_call(ZERO_ADDRESS, to, calldata=data, gas=GAS_LIMIT, is_static=True)
        except RuntimeError as error:
            raise self._refused(error) from None
        return bytes(answer)

    def word(self, contract: Contract, slot: int) -> int:
        """The storage word of a contract at a slot."""
        return self.evm.storage(contract.address, slot)

    def _snapshot(self) -> Any:
        return self.evm.snapshot()

    def _restore(self, mark: Any) -> None:
        self.evm.revert(mark)
