"""The command `refresh`: what it prints, when it writes, and when it refuses."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest

from recommender.catalog import refresh_sources
from recommender.cli import main
from recommender.cli_refresh import progress_bar
from tests.catalog.refresh_samples import TODAY, add_line, entry, listed, price_list, step

JUMP = listed(step(30.0, 6.0))


@pytest.fixture
def refresh(data_dir, monkeypatch, capsys):
    """Runs the command on the small catalog and a given list: (code, standard output, standard error)."""
    add_line(data_dir, entry())
    (data_dir.parent / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n### Catalogue\n")

    def call(prices, *argv):
        monkeypatch.setattr(refresh_sources, "installed_prices", lambda today: prices)
        code = main(["refresh", "--data", str(data_dir), "--today", TODAY.isoformat(), *argv])
        return code, *capsys.readouterr()

    return call


def contents(folder):
    """Every file under a folder with its bytes."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_dry_run_prints_and_writes_nothing(data_dir, refresh):
    """The list names the change and its sources; the files stay."""
    before = contents(data_dir.parent)
    code, out, err = refresh(price_list(listed(step(2.0, 6.0))), "--dry-run")
    assert (code, err) == (0, "")
    assert "acme:large-1 (acme/large); 3/6 -> 2/6; last seen 2026-11-20; DISAGREES with card" in out
    assert out.endswith("Nothing was written.\n")
    assert contents(data_dir.parent) == before


def test_run_writes_and_says_what(refresh):
    """Without an anomaly the files are written and named."""
    code, out, err = refresh(price_list(listed(step(2.0, 6.0))))
    assert (code, err) == (0, "")
    assert "Written: offers/acme.yaml, sources.yaml, CHANGELOG.md; snapshot 2026.12.18-" in out


def test_json_is_one_document(refresh):
    """Changes, what waits, and what was written."""
    code, out, err = refresh(price_list(listed(step(2.0, 6.0))), "--json")
    document = json.loads(out)
    assert (code, err, document["waiting"]) == (0, "", [])
    assert [change["id"] for change in document["changes"]] == ["acme:large-1"]
    assert document["snapshot"].startswith("2026.12.18-")


@pytest.mark.parametrize(
    ("models", "anomaly"),
    [
        ([JUMP], "acme:large-1"),
        ([listed(step(), step(4.0, 6.0, start=date(2027, 1, 1)))], "acme:large-1@2027-01-01"),
        ([], "acme:fewer-models"),
    ],
)
def test_anomaly_refuses_until_it_is_reviewed(data_dir, refresh, models, anomaly):
    """A jump, a day ahead, a shorter list: exit 2 with nothing written; named in --reviewed it passes."""
    before = contents(data_dir.parent)
    code, out, err = refresh(price_list(*models))
    assert code == 2
    assert err.count("\n") == 1
    assert f"  {anomaly}: " in out
    assert "--reviewed" in err
    assert contents(data_dir.parent) == before
    assert refresh(price_list(*models), "--reviewed", anomaly)[0] == 0


def test_anomaly_does_not_fail_a_dry_run(refresh):
    """To look is always allowed."""
    code, out, _ = refresh(price_list(JUMP), "--dry-run")
    assert code == 0
    assert "Needs a review" in out


def test_change_that_is_left_out_is_not_written(data_dir, refresh):
    """A wrong price in the package does not stop the others."""
    before = contents(data_dir.parent)
    assert refresh(price_list(JUMP), "--leave-out", "acme:large-1")[0] == 0
    assert contents(data_dir.parent) == before


@pytest.mark.parametrize(
    ("argv", "parts"),
    [
        (
            ("--reviewed", "acme:nothing"),
            ("--reviewed", "'acme:nothing'", "allowed in this run: acme:large-1"),
        ),
        (("--leave-out", "nothing"), ("--leave-out", "'nothing'", "acme:large-1")),
        (("--today", "soon"), ("--today", "'soon'", "YYYY-MM-DD")),
    ],
)
def test_wrong_option_is_named(refresh, argv, parts):
    """One line with the option, what was found and what is allowed."""
    code, out, err = refresh(price_list(JUMP), *argv)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert [part for part in parts if part not in err] == []


def test_missing_package_is_one_sentence(monkeypatch, capsys):
    """Without the package: exit 2, and the extra is named."""

    def missing(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(refresh_sources.importlib, "import_module", missing)
    code = main(["refresh"])
    out, err = capsys.readouterr()
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert '".[dev]"' in err


def test_older_package_is_refused(refresh):
    """A package from before the newest sighting has nothing to say."""
    code, out, err = refresh(price_list(JUMP, day=date(2026, 11, 1)))
    assert (code, out) == (2, "")
    assert "2026-11-01" in err
    assert "allowed: a version dated 2026-11-20 or later" in err


def test_unlisted_models_are_a_line_per_provider(refresh):
    """Models of the catalog that a provider has and we do not list are summed up."""
    models = [
        listed(),
        listed(ref="tiny-1"),
        listed(ref="x/tiny"),
        listed(ref="Acme/Tiny-Hub"),
        listed(ref="y/tiny-1"),
    ]
    _, out, _ = refresh(price_list(*models), "--dry-run")
    assert "  acme: Acme/Tiny-Hub, tiny-1, x/tiny and 1 more\n" in out


def test_bar_is_drawn_on_a_terminal_only():
    """A terminal sees a bar that ends its line; a pipe sees nothing."""
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    draw = progress_bar(terminal, "Comparing")
    draw(1, 2)
    draw(2, 2)
    assert terminal.getvalue() == f"\rComparing [{'#' * 15}{'.' * 15}] 1/2\rComparing [{'#' * 30}] 2/2\n"
    assert progress_bar(io.StringIO(), "Comparing") is None
