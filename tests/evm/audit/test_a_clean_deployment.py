"""What was deployed, handed over and used since is proven: no finding."""

from scrip.chains.evm import EvmNetwork
from scrip.evm.audit import audit


def test_a_deployment_in_use_gives_no_finding(network: EvmNetwork) -> None:
    assert audit(network) == []
