"""The dependencies: each with a reason, and each locked to what was tested."""

import re
import tomllib
from itertools import chain

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

LOCKS = ["requirements.txt", "requirements-dev.txt"]


def read(name: str) -> str:
    return (settings.BASE_DIR / name).read_text(encoding="utf-8")


def entries(name: str) -> list[str]:
    """Return the requirements of a lock, each with its hashes, on one line."""
    return read(name).replace("\\\n", " ").splitlines()


def versions(name: str) -> dict[str, str]:
    found = (re.match(r"(\S+)==(\S+)", entry) for entry in entries(name))
    return {match[1]: match[2] for match in found if match}


def declared() -> list[str]:
    project = tomllib.loads(read("pyproject.toml"))
    groups = project["dependency-groups"].values()
    return [*project["project"]["dependencies"], *chain.from_iterable(groups)]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_each_package_with_hashes_and_names_no_address(name: str) -> None:
    for entry in entries(name):
        assert re.fullmatch(
            r"[a-z0-9-]+==[^\s;]+( ; [^-]+?)?(\s+--hash=sha256:[0-9a-f]{64})+", entry
        )
    assert "://" not in read(name)


def test_lock_for_development_contains_the_one_to_run_with() -> None:
    assert versions("requirements.txt").items() < versions("requirements-dev.txt").items()


@pytest.mark.parametrize("requirement", declared())
def test_dependency_is_locked_and_has_its_reason(requirement: str) -> None:
    name = re.split(r"[\[<>=]", requirement)[0].lower()
    assert any(name in versions(lock) for lock in LOCKS)
    assert re.search(rf'"{re.escape(requirement)}",? +# \w+', read("pyproject.toml"))
