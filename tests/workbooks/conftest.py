"""The workbooks of this folder and those that are made anew, side by side in one folder."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.workbooks import make

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with every workbook of `make.NAMES`."""
    folder = tmp_path_factory.mktemp("workbooks")
    for name in make.BY_HAND:
        shutil.copy(make.HERE / name, folder)
    make.by_others(folder)
    return folder
