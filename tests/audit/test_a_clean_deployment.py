"""What was deployed and handed over is proven: no finding."""

from deployed_desk import populate

from scrip.evm.audit import audit
from scrip.evm.desk import Desk


def test_a_fresh_deployment_gives_no_finding(desk: Desk) -> None:
    assert audit(desk) == []


def test_nor_does_one_in_use(desk: Desk) -> None:
    populate(desk)
    assert audit(desk) == []
