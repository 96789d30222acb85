"""What was deployed, handed over and used since is proven: no finding."""

from scrip.evm.audit import audit
from scrip.evm.connection import EvmConnection


def test_a_deployment_in_use_gives_no_finding(desk: EvmConnection) -> None:
    assert audit(desk) == []
