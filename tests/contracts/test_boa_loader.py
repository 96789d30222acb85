"""A change in any module, however deep, is compiled before it is tested."""

from pathlib import Path

import boa

VERSION = "# pragma version ==0.4.3\n"
TOP = f"{VERSION}import middle\n@external\ndef answer() -> uint256:\n    return middle._answer()\n"
MIDDLE = f"{VERSION}import bottom\ndef _answer() -> uint256:\n    return bottom.ANSWER\n"
BOTTOM = f"{VERSION}ANSWER: constant(uint256) = "


def test_a_module_of_a_module_is_seen_to_change(tmp_path: Path) -> None:
    top = tmp_path / "top.vy"
    top.write_text(TOP)
    (tmp_path / "middle.vy").write_text(MIDDLE)
    for answer in (41, 42):
        (tmp_path / "bottom.vy").write_text(f"{BOTTOM}{answer}\n")
        assert boa.load(str(top)).answer() == answer
