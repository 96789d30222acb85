"""titanoboa as a chain: every line that runs is known to its coverage and its profiler."""

from __future__ import annotations

from typing import Any

import boa
from boa.environment import Env

from scrip.evm.chain import Contract, Log
from scrip.evm.encoding.refusals import refusal
from scrip.evm.local.boa_loader import deployer
from scrip.evm.local.local_chain import LocalChain

CHAIN_ID = 1


class BoaChain(LocalChain):
    """An environment of its own, so that chains do not meet. Gas is not counted: boa leaves out the intrinsic part."""

    def __init__(self, start: int) -> None:
        self.env = Env()
        self.env.enable_fast_mode()
        self._seen: dict[str, Any] = {}
        super().__init__(start)

    def chain_id(self) -> int:
        """The chain's id as EIP-155 has it: what the environment's CHAINID answers."""
        return CHAIN_ID

    def _set_time(self, t: int) -> None:
        self.env.timestamp = t

    def _create(self, sender: str, initcode: bytes, contract: str) -> str:
        address, computation = self.env.deploy(sender=sender, bytecode=initcode)
        if computation.is_error:
            raise refusal(computation.output, self.name)
        if contract and Env._coverage_enabled:
            # What coverage and profiles look a contract up by.
            with boa.swap_env(self.env):
                self._seen[str(address).lower()] = deployer(contract).at(address)
        return str(address)

    def _run(self, to: str, data: bytes, **how: Any) -> Any:
        if Env._coverage_enabled:
            how["contract"] = self._seen.get(to)
        computation = self.env.execute_code(to_address=to, data=data, **how)
        if computation.is_error:
            raise refusal(computation.output, self.name)
        return computation

    def _execute(self, sender: str, to: str, data: bytes) -> int | None:
        done = self._run(to, data, sender=sender)
        for address, topics, said in done.get_log_entries():
            self._logs.append(("0x" + address.hex(), Log(tuple(one.to_bytes(32) for one in topics), said)))
        return None

    def _query(self, to: str, data: bytes) -> bytes:
        return bytes(self._run(to, data, is_modifying=False).output)

    def word(self, contract: Contract, slot: int) -> int:
        """The storage word of a contract at a slot."""
        return int(self.env.get_storage(contract.address, slot))

    def _snapshot(self) -> Any:
        return self.env.evm.snapshot()

    def _restore(self, mark: Any) -> None:
        self.env.evm.revert(mark)
