"""A folder of manifests for each test."""

from pathlib import Path

import pytest
from manifest_desk import ManifestDesk


@pytest.fixture
def desk(tmp_path: Path) -> ManifestDesk:
    return ManifestDesk.at(tmp_path / "manifests")
