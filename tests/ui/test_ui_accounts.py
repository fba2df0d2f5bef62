"""Accounts: who has signed in, how long a sign-in is valid, and that nobody else gets anything."""

from __future__ import annotations

import time

import pytest
import streamlit as st

from kb.errors import InputError, KBError, RefusedError
from kb.ui import accounts, door

PEOPLE = "people:\n  ada@example.org: {name: Ada Example, role: officer, countries: [KEN]}\n"


class User(dict):
    """The claims that Streamlit has of the person who signed in."""


@pytest.fixture
def signed(monkeypatch, tmp_path):
    """Return a function that signs a person in, with claims of the identity provider, over a file of people with Ada
    alone."""
    (tmp_path / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    monkeypatch.setenv("KB_PEOPLE", str(tmp_path / "people.yaml"))
    accounts._signed_out().clear()

    def sign(**claims):
        known = {"is_logged_in": True, "email": "ada@example.org", "email_verified": True, "iat": time.time() - 60}
        monkeypatch.setattr(st, "user", User(known | claims))

    yield sign
    accounts._signed_out().clear()


def test_on_ones_own_machine_nobody_signs_in(monkeypatch):
    monkeypatch.delenv("KB_PEOPLE", raising=False)
    assert not accounts.on() and not accounts.gate() and accounts.drafts_of("a") == "a" and accounts.cache_key() == ""


def test_a_sign_in_is_the_person_of_its_address_in_any_case(signed):
    signed(email="Ada@Example.org ")
    assert accounts.state() == "open" and accounts.person().name == accounts.author() == "Ada Example"


@pytest.mark.parametrize(
    "claims, state",
    [
        ({"is_logged_in": False}, "out"),
        ({"email": "nobody@example.org"}, "stranger"),
        ({"email": ""}, "stranger"),
        ({"email": None}, "stranger"),
        ({"email_verified": False}, "stranger"),
        ({"iat": None}, "ended"),
        ({"iat": "yesterday"}, "ended"),
        ({"iat": 1.0}, "ended"),
    ],
)
def test_what_is_missing_or_too_old_opens_nothing(signed, claims, state):
    signed(**claims)
    assert accounts.state() == state
    with pytest.raises(RefusedError):
        accounts.person()


def test_a_sign_out_ends_the_sign_in_in_every_window_and_a_new_one_counts(signed):
    signed(iat=time.time() - 60)
    accounts._signed_out()[accounts.address()] = time.time() - 30
    assert accounts.state() == "ended" and accounts.author() == "Ada Example"  # a draft that comes now is hers
    signed(iat=time.time() - 10)
    assert accounts.state() == "open"


@pytest.mark.parametrize("hours", ["0", "-1", "soon", "nan", "721"])
def test_a_number_of_hours_that_is_none_is_refused(monkeypatch, hours):
    monkeypatch.setenv("KB_SIGNED_IN_HOURS", hours)
    with pytest.raises(InputError, match="KB_SIGNED_IN_HOURS"):
        accounts.hours()


def test_two_people_at_one_tab_have_different_drafts(signed):
    signed()
    one = accounts.drafts_of("0" * 32)
    signed(email="tendai@example.org")
    assert accounts.drafts_of("0" * 32) != one and len(one) == 32


def test_a_file_of_people_that_cannot_be_read_shows_nothing(signed, tmp_path):
    signed()
    (tmp_path / "people.yaml").write_text("people: [Ada]", encoding="utf-8")
    with pytest.raises(KBError):
        accounts.gate()


def test_a_person_who_is_taken_out_of_the_file_is_out_at_the_next_click(signed, tmp_path):
    import os

    signed()
    assert accounts.state() == "open"
    file = tmp_path / "people.yaml"
    file.write_text("people: {}", encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert accounts.state() == "stranger"


def test_public_names_open_the_door_only_where_people_sign_in(monkeypatch, signed):
    monkeypatch.setenv("KB_APP_NAMES", "kb.example.org")
    asked = [(b"host", b"kb.example.org"), (b"origin", b"https://kb.example.org")]
    assert door.refusal(asked, "127.0.0.1", door.public_names()) == ""
    assert door.refusal(asked, "10.0.0.9", door.public_names()) != ""  # the web server before it is on this machine
    monkeypatch.delenv("KB_PEOPLE")
    assert door.refusal(asked, "127.0.0.1", door.public_names()) != ""
