"""The manifests of a desk: the project's own, or copies whose stocks have a preset's rules."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import yaml

from scrip.errors import InputError
from scrip.manifest.load import PRESETS, load

HEAD = "# yaml-language-server: $schema=schema.json\n# The project's manifest, its stocks under the preset {preset}.\n"


def with_preset(source: Path, networks: Sequence[str], preset: str, folder: Path) -> None:
    """Write the manifests of `networks` into a folder, with a preset in the place of their stocks' rules.

    InputError, naming those there are, for an unknown preset.
    """
    known = sorted(path.stem for path in (source / PRESETS).glob("*.yaml"))
    if preset not in known:
        reason = f"is no preset of {source / PRESETS} ({', '.join(known) or 'none'})"
        raise InputError(reason, field="preset", value=preset)
    shutil.copytree(source / PRESETS, folder / PRESETS, dirs_exist_ok=True)
    shutil.copy(source / "schema.json", folder)
    for network in networks:
        content = yaml.safe_load((source / f"{network}.yaml").read_text(encoding="utf-8"))
        for stock in content["stocks"].values():
            stock["rules"] = {"preset": preset}
        path = folder / f"{network}.yaml"
        path.write_text(HEAD.format(preset=preset) + yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        load(path)
