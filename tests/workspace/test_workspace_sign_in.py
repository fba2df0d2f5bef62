"""A server on which nobody could sign in is not started: the person who starts it is told what is missing."""

from __future__ import annotations

import pytest

from kb.errors import DataError, InputError
from kb.workspace.sign_in import look

PEOPLE = "people:\n  ada@example.org: {name: Ada Example, role: officer, countries: [KEN]}\n"
GIVEN = {
    "redirect_uri": "https://kb.example.org/oauth2callback",
    "cookie_secret": "0123456789abcdef",
    "client_id": "kb",
    "client_secret": "between the two",
    "server_metadata_url": "https://login.example.org/.well-known/openid-configuration",
}


def put(folder, people=PEOPLE, **given):
    """Write the two files of the documentation into a folder; values that are None are left out."""
    (folder / ".streamlit").mkdir(exist_ok=True)
    (folder / "people.yaml").write_text(people, "utf-8")
    lines = [f'{name} = "{value}"' for name, value in {**GIVEN, **given}.items() if value is not None]
    (folder / ".streamlit" / "secrets.toml").write_text("\n".join(["[auth]", *lines]), "utf-8")
    return folder / "people.yaml"


def test_two_files_that_fit_each_other_are_taken(tmp_path):
    found = look(put(tmp_path), ["kb.example.org"], [tmp_path / "elsewhere", tmp_path])
    assert [person.name for person in found.people.values()] == ["Ada Example"]
    local = put(tmp_path, redirect_uri="http://localhost:8501/oauth2callback")
    assert look(local, [], [tmp_path]), "an app that is tried on one's own machine needs no name"


@pytest.mark.parametrize(
    ("given", "names", "said"),
    [
        ({"client_id": None, "client_secret": " "}, ["kb.example.org"], "lacks client_id, client_secret"),
        ({"cookie_secret": "a long random text"}, ["kb.example.org"], "cookie_secret still has the example's value"),
        ({"redirect_uri": "https://kb.example.org/"}, ["kb.example.org"], "ends in /oauth2callback"),
        ({}, ["other.example.org"], "Start it with KB_APP_NAMES=kb.example.org"),
        ({}, [], "none of the names"),
    ],
)
def test_what_does_not_fit_is_reported_with_file_and_way_out(tmp_path, given, names, said):
    with pytest.raises(InputError) as refused:
        look(put(tmp_path, **given), names, [tmp_path])
    assert said in str(refused.value) and "secrets.toml, [auth]" in str(refused.value)


def test_files_that_are_missing_or_damaged_are_named(tmp_path):
    people = put(tmp_path)
    with pytest.raises(InputError, match="file of people"):
        look(tmp_path / "nobody.yaml", [], [tmp_path])
    with pytest.raises(InputError, match="Nobody could sign in"):
        look(people, [], [tmp_path / "elsewhere"])
    (tmp_path / ".streamlit" / "secrets.toml").write_text("[auth\n", "utf-8")
    with pytest.raises(InputError, match="cannot be read"):
        look(people, [], [tmp_path])
    (tmp_path / ".streamlit" / "secrets.toml").write_text("[other]\n", "utf-8")
    with pytest.raises(InputError, match=r"no section \[auth\]"):
        look(people, [], [tmp_path])
    with pytest.raises(DataError, match="line 2"):
        look(put(tmp_path, people=PEOPLE.replace("officer", "boss")), ["kb.example.org"], [tmp_path])


@pytest.mark.parametrize("hours", ["", "x", "0", "-1", "721"])
def test_hours_that_are_none_are_found_at_the_start(tmp_path, monkeypatch, hours):
    monkeypatch.setenv("KB_SIGNED_IN_HOURS", hours)
    if not hours:
        assert look(put(tmp_path), ["kb.example.org"], [tmp_path])
        return
    with pytest.raises(InputError, match="KB_SIGNED_IN_HOURS"):
        look(put(tmp_path), ["kb.example.org"], [tmp_path])
