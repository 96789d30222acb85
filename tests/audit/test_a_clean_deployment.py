"""What was deployed, handed over and used since is proven: no finding."""

from scrip.evm.audit import audit
from scrip.evm.desk import Desk


def test_a_deployment_in_use_gives_no_finding(desk: Desk) -> None:
    assert audit(desk) == []
