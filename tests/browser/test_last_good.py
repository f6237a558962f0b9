"""A running app goes on with the catalog it has, whatever happens to the files under it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.request

import pytest

from recommender.catalog.build import canonical
from recommender.catalog.snapshot import DETAILS_SUFFIX, newest_snapshot
from tests.browser.conftest import ROOT, serve

LEFT_OUT = shutil.ignore_patterns(".*", "tests", "benchmarks", "__pycache__")
MODEL = "meta/llama-3.1-405b"
MARK = (
    "Llama of the last good catalog"  # what the copy calls the model, so that no other data is taken for it
)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project, with a snapshot of its own, that tests may break."""
    folder = tmp_path_factory.mktemp("last-good") / "project"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    core = newest_snapshot(folder / "data" / "snapshots")
    content = json.loads(core.read_bytes())
    content["models"][MODEL]["name"] = MARK
    core.write_text(canonical(content), encoding="ascii")
    return folder


@pytest.fixture(scope="module")
def address(project, browser, wait_ready):
    """The served copy after its first visitor. Its log must hold no traceback when all tests are done."""
    log = project.parent / "server.log"
    with serve(project / "app.py", log=log) as url:
        first = browser.new_page()
        first.goto(url)
        wait_ready(first)
        first.close()
        yield url
    text = log.read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in text, text[-3000:]


@pytest.fixture
def look(visit, address):
    """look(*paths): a healthy server; fresh visitors see the pages, and the model as the copy names it."""

    def at_pages(*paths):
        assert urllib.request.urlopen(f"{address}/_stcore/health", timeout=10).status == 200
        for path in (*paths, f"/model?id={MODEL}"):
            opened = visit(path, base_url=address)
            assert opened.locator("h1, h2").count(), path
            assert not opened.locator(".st-key-crash").count(), path
        assert opened.get_by_text(MARK).count()

    return at_pages


def contents(folder):
    """Relative name -> bytes of the files below a folder."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def data(project):
    """The data folder of the copy, put back as it was after the test."""
    folder = project / "data"
    before = contents(folder)
    yield folder
    for name in contents(folder):
        (folder / name).unlink()
    for name, content in before.items():
        (folder / name).write_bytes(content)


def broken_yaml(data):
    """A model file of which the second half is missing, as after a full disk."""
    path = data / "models" / f"{MODEL}.yaml"
    path.write_bytes(path.read_bytes()[:700])


def snapshot_replaced(data):
    """A newer snapshot took the place of the old one, in which the model has another name."""
    core = newest_snapshot(data / "snapshots")
    version = core.stem
    text = (
        core.read_text(encoding="ascii").replace(MARK, "Another name").replace(version, "2999.01.01-00000000")
    )
    details = core.with_name(version + DETAILS_SUFFIX)
    details.rename(core.with_name("2999.01.01-00000000" + DETAILS_SUFFIX))
    core.with_name("2999.01.01-00000000.json").write_text(text, encoding="ascii")
    core.unlink()


def snapshot_half_written(data):
    """The newest file stops in the middle."""
    core = newest_snapshot(data / "snapshots")
    (core.parent / "2999.01.01-00000000.json").write_bytes(core.read_bytes()[:1000])


def everything_gone(data):
    """No catalog at all."""
    for name in contents(data):
        (data / name).unlink()


@pytest.mark.parametrize("disaster", [broken_yaml, snapshot_replaced, snapshot_half_written])
def test_app_goes_on_with_the_last_good_catalog(disaster, data, look):
    """New visitors get a recommendation from the catalog that the app started with."""
    disaster(data)
    look("/")


def test_app_goes_on_without_any_file(data, look):
    """Every kind of page lives on what was read at the start."""
    everything_gone(data)
    look("/", "/explore", "/models")


def snapshot_command(project, *options):
    """`python -m recommender snapshot` of the copy."""
    command = [sys.executable, "-m", "recommender", "snapshot", *options]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("options", [(), ("--if-changed",)])
def test_faulty_yaml_does_not_replace_the_snapshot(project, data, options):
    """The command names file and line, exits with 2, and leaves both files as they were."""
    before = contents(data / "snapshots")
    broken_yaml(data)
    run = snapshot_command(project, *options)
    assert run.returncode == 2
    assert f"data/models/{MODEL}.yaml: line " in run.stderr
    assert run.stderr.count("\n") == 1
    assert contents(data / "snapshots") == before


def test_make_snapshot_runs_that_command():
    """`make snapshot` is the same command, so it stops on the same faults."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "$(PY) -m recommender snapshot\n" in makefile
