"""Everything the README shows can be run."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import pytest

from recommender.cli import main

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    \.venv/bin/python -m recommender (.*)$", README, flags=re.MULTILINE)


def block(language: str) -> str:
    """The first fenced block of a language."""
    found = re.search(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_line_works(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command of the README succeeds on the answers file that it shows."""
    (tmp_path / "answers.yaml").write_text(block("yaml"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(command)) == 0
    assert capsys.readouterr().out.strip()


def test_the_python_example_works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The Python example runs and names a model, a score and a link."""
    (tmp_path / "example.py").write_text(block("python"), encoding="utf-8")
    runpy.run_path(str(tmp_path / "example.py"))
    assert "v=1&" in capsys.readouterr().out
