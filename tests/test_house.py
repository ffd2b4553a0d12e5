"""The rules of the house that no single test of a part would notice."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from awards.management.commands import print_workflow
from awards.workflow import WORKFLOWS
from thidua.core.navigation import PAGES

ROOT = Path(__file__).resolve().parent.parent
OURS = ("thidua", "units", "staff", "campaigns", "awards", "dossiers")
BIN = Path(sys.executable).parent
APPS = ("core", "units", "staff", "campaigns", "awards", "dossiers")
# Built in pieces, so that this file does not name what it forbids.
OUTSIDE = (
    "../" + "shared",
    "/" + "work/",
    "pypi" + ".org",
    "registry.npm" + "js",
    "files.python" + "hosted",
)
BANNED = re.compile(r"^(manager|helpers?|utils|misc|handle|process|data|info|do_\w+|tdkt|gk|bk)$")
FOREIGN_NAMES = {"handle", "data", "process", "helper"}  # Django's and crispy's own hooks


def source_files(*suffixes):
    for folder in (*OURS, "templates", "static", "tests", "docs", "bin"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes and "migrations" not in path.parts:
                yield path


def run(*command):
    done = subprocess.run(
        [str(BIN / command[0]) if shutil.which(command[0], path=BIN) else command[0], *command[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_ruff_is_clean():
    run("ruff", "check", ".")


def test_the_code_is_formatted():
    run("ruff", "format", "--check", ".")


def test_djlint_is_clean():
    run("djlint", "--lint", "--quiet", "templates")


def test_imports_go_one_way():
    run("lint-imports")


def test_types_hold():
    run("mypy", ".")


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_driver_is_the_one_that_was_asked_for():
    assert connection.Database.__name__ == "psycopg2"


@pytest.mark.parametrize("label", APPS)
def test_models_and_fields_speak_vietnamese(label):
    for model in apps.get_app_config(label).get_models():
        assert re.match(r"^[^\x00-\x40].*: .+", (model.__doc__ or "").strip()), model
        for field in model._meta.local_fields:
            named = field.verbose_name
            plain = field.name.replace("_", " ")
            assert field.primary_key or field.is_relation or named != plain, f"{model}.{field.name}"


def test_every_state_of_every_table_is_reached_and_every_row_is_labelled():
    for workflow in WORKFLOWS:
        reached = {row.target for row in workflow.rows.values()}
        first = {source for row in workflow.rows.values() for source in row.sources}
        assert set(workflow.states.values) == reached | first, workflow.name
        assert all(row.label for row in workflow.rows.values())


def test_the_printed_tables_are_those_of_the_code():
    assert print_workflow.PAGE.read_text() == print_workflow.page(), "chạy «make workflow»"


def test_only_the_engine_assigns_a_state():
    assignment = re.compile(r"\.state\s*=[^=]")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in source_files(".py")
        if path.parts[-2:] != ("core", "workflow.py") and "tests" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if assignment.search(line)
    ]
    assert found == []


def test_every_row_lock_leaves_keys_alone():
    """A stronger lock would wait for foreign keys checked at commit, behind the audit log."""
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in source_files(".py")
        if "tests" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if "select_for_update(" in line and "no_key=True" not in line
    ]
    assert found == []


def test_templates_hold_no_inline_style_script_or_unescaped_text():
    forbidden = re.compile(
        r"\sstyle=|<script(?![^>]*\ssrc=)|\|safe\b|\son[a-z]+=|\{% autoescape off"
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in source_files(".html")
        if "documents" not in path.parts
        for match in forbidden.finditer(path.read_text())
    ]
    assert found == []


def test_the_code_marks_nothing_as_safe_and_names_nothing_by_a_banned_word():
    found = []
    for path in source_files(".py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(node, "name", "") if not isinstance(node, ast.alias) else ""
            if BANNED.match(str(name or "")) and name not in FOREIGN_NAMES:
                found.append(f"{path.relative_to(ROOT)}: {name}")
            if isinstance(node, ast.Name) and node.id == "mark_safe":
                found.append(f"{path.relative_to(ROOT)}: mark_safe")
    assert found == []


def test_nothing_names_the_place_where_it_was_made():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    found = []
    for name in filter(None, listed):
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".jpg", ".ttf", ".pdf"}:
            text = path.read_text(errors="ignore")
            found += [f"{name}: {word}" for word in OUTSIDE if word in text]
    assert found == []


def test_vietnamese_text_is_composed():
    import unicodedata  # noqa: PLC0415

    found = [
        str(path.relative_to(ROOT))
        for path in source_files(".py", ".html", ".md", ".toml")
        if not unicodedata.is_normalized("NFC", path.read_text()) and "tests" not in path.parts
    ]
    assert found == []


@pytest.mark.parametrize("url_name", [row[1] for row in PAGES])
def test_every_link_of_the_navigation_leads_somewhere(url_name):
    assert reverse(url_name)


def test_days_are_read_day_first():
    from django import forms  # noqa: PLC0415

    assert forms.DateField().clean("03/04/2026").month == 4
