"""A folder of manifests for each test."""

from pathlib import Path

import pytest
from manifest_files import ManifestFiles


@pytest.fixture
def files(tmp_path: Path) -> ManifestFiles:
    return ManifestFiles.at(tmp_path / "manifests")
