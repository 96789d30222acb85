"""The program's binary says where faults are reported, in the form that explorers read."""

from __future__ import annotations

from solana_world import ROOT, Build

BEGIN, END = b"=======BEGIN SECURITY.TXT V1=======\0", b"=======END SECURITY.TXT V1=======\0"


def security_txt(elf: bytes) -> dict[str, str]:
    """What stands between the marks, which are there once: names and values, each ended by a zero."""
    assert (elf.count(BEGIN), elf.count(END)) == (1, 1)
    words = elf[elf.index(BEGIN) + len(BEGIN) : elf.index(END)].decode().split("\0")
    assert words.pop() == ""
    return dict(zip(words[::2], words[1::2], strict=True))


def test_the_binary_says_where_faults_are_reported() -> None:
    found = security_txt(Build(ROOT).elf.read_bytes())
    assert {"name", "project_url", "contacts", "policy"} <= set(found), "what the form demands"
    assert all(found.values())
    assert found["contacts"].startswith(("other:", "email:", "link:"))
    assert "SECURITY.md" in found["policy"]
    assert (ROOT / "SECURITY.md").is_file()
    assert found["auditors"] == "None"
