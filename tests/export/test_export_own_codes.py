"""A researcher's own codes have their typed names in a .qdpx project and are imported as they are in the log: from our
present and older files, and from programs that drop what we wrote beside the codes."""

import re
import zipfile

import pytest
from lxml import etree

from kb.coding.codebook import Code, code_id, guid_of
from kb.coding.own import OWN, own_code, own_name
from kb.export import export
from kb.export.importing_qdpx import read_project
from kb.export.importing_refi import facets_of
from kb.models import Tag

TYPED = ("social justice", "social-justice", "Social justice", "A/B test", "50% rule", "العدالة", "A%2DB")
CODES = [own_code(name) for name in TYPED]


@pytest.fixture
def project(rows, provenance, text_of, tmp_path):
    """Write a present-day project in which one row has every own code; return its path."""
    tags = [Tag(facet=OWN, id=code, origin="person:Coder A", state="confirmed") for code in CODES]
    coded = [rows[0].model_copy(update={"tags": tuple(tags)}), *rows[1:]]
    return export(coded, "qdpx", tmp_path / "a.qdpx", provenance, text_of=text_of)


def changed(path, change):
    """Apply `change` to the project's XML, as another program might; return the changed file."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    other = path.with_name("other.qdpx")
    with zipfile.ZipFile(other, "w") as archive:
        for name, data in held.items():
            archive.writestr(name, change(data.decode()) if name.endswith(".qde") else data)
    return other


def without_descriptions(xml):
    """Return the XML as a program writes it that drops descriptions of codes."""
    root = etree.fromstring(xml.encode())
    for each in root.findall(".//{*}Code/{*}Description"):
        each.getparent().remove(each)
    return etree.tostring(root, encoding="unicode")


def other_guids(xml):
    """Return the XML as a program writes it that gives codes and codings new GUIDs."""
    return re.sub(
        r'(<Cod[^>]*uid="|<Cod[^>]*GUID=")([0-9a-f]{8})', lambda found: f"{found[1]}{int(found[2], 16) ^ 1:08x}", xml
    )


def given(path):
    """Return the own codes of the project's rows, as they would be in the log."""
    return sorted({tag.id for row in read_project(path).rows for tag in row.tags if tag.facet == OWN})


def test_other_programs_show_the_names_as_typed(project):
    with zipfile.ZipFile(project) as archive:
        names = etree.fromstring(archive.read("project.qde")).xpath("//*[local-name()='Code']/@name")
    assert set(TYPED) < set(names) and "Own codes" in names


@pytest.mark.parametrize("change", [str, without_descriptions, lambda xml: without_descriptions(other_guids(xml))])
def test_they_come_back_as_they_are_in_the_log(project, change):
    assert given(changed(project, change)) == sorted(CODES)


def book(*added, guids=True, top="own"):
    """Return the codes of an older file, named as in the log, and codes that another program added."""

    def guid(path):
        """Return the GUID of a path: ours, or another program's."""
        return guid_of("kb" if guids else "other", path)

    old = [Code(id=top, guid=guid(top), name="own")]
    old += [Code(id=code_id(top, name), guid=guid(code_id(top, name)), name=name, parent=top) for name in CODES]
    more = [Code(id=code_id(top, name), guid=guid_of("other", name), name=name, parent=top) for name in added]
    return [*old, *more]


@pytest.mark.parametrize("guids", [True, False])
def test_an_older_file_gives_the_codes_of_the_log(guids):
    codes = book(guids=guids)
    found = facets_of(codes)
    assert [found[code.guid] for code in codes[1:]] == [(OWN, code) for code in CODES]


def test_a_code_that_was_added_elsewhere_is_a_name_as_typed():
    *_, plain, hyphen = codes = book("Fair pay", "self-help")
    found = facets_of(codes)
    assert [own_name(found[code.guid][1]) for code in (plain, hyphen)] == ["Fair pay", "self-help"]


def test_codes_below_an_own_code_name_the_way_to_them():
    codes = book("Fair pay")
    below = Code(id="own/Fair-pay/wages", guid=guid_of("other", "wages"), name="wages", parent="own/Fair-pay")
    assert own_name(facets_of([*codes, below])[below.guid][1]) == "Fair pay/wages"


def test_a_new_name_of_an_own_code_or_a_person_is_reported_and_changes_nothing(project):
    """A name changed in another program stays unchanged here, and the change is always reported."""

    def rename(xml):
        return xml.replace('name="50% rule"', 'name="Half"').replace('name="Coder A"', 'name="Anna"')

    assert read_project(project).not_taken == []
    other = changed(project, rename)
    assert given(other) == given(project)
    assert [each.why for each in read_project(other).not_taken] == [
        "the code '50% rule' is called 'Half' in the file, and keeps its name here",
        "'Coder A' is called 'Anna' in the file, and keeps the name here",
    ]
