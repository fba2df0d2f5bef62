"""The server: each resource at its identifier in four forms, search by force with cursors, and no request that breaks
it."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from kb.http import ServerOptions, create_app
from kb.http.negotiate import MEDIA, split_suffix

PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


# --- forms ---


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("text/html", "text/html; charset=utf-8"),
        ("application/json", "application/json"),
        ("application/ld+json", "application/ld+json"),
        ("application/vnd.citationstyles.csl+json", "application/vnd.citationstyles.csl+json"),
        ("application/json;q=0.2, text/html;q=0.9", "text/html; charset=utf-8"),
        ("*/*", "application/json"),
        ("", "application/json"),
        ("text/*", "text/html; charset=utf-8"),
        ("*/*;q=0.1, text/html;q=0.05", "application/json"),
        ("image/png", "application/json"),
        ("text/html;q=x, ;;;,,", "application/json"),
    ],
)
def test_accept_chooses_the_form(client, accept, media):
    assert client.get("/id/crpd/art33/2", headers={"accept": accept}).headers["content-type"] == media


@pytest.mark.parametrize("suffix", ["html", "json", "jsonld", "csl.json"])
def test_a_suffix_chooses_the_form_whatever_is_accepted(client, suffix):
    answer = client.get(f"/id/paper/r5.{suffix}", headers={"accept": "image/png"})
    assert answer.status_code == 200 and ("html" in answer.headers["content-type"]) == (suffix == "html")


@pytest.mark.parametrize("id", ["crpd", "paper", "R1.a", "D7.a", "paper/r5", "crpd/art33/2"])
@pytest.mark.parametrize("suffix", list(MEDIA))
def test_every_resource_is_offered_in_every_form(client, id, suffix):
    answer = client.get(f"/id/{id}.{suffix}")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith(MEDIA[suffix])
    if suffix == "jsonld":
        assert answer.json()["kb:record"]["id"] == id and answer.json()["@context"]
    if suffix == "csl.json":
        (item,) = answer.json()
        assert item["id"] == id and ("derived by this project" in item["note"]) == (id == "D7.a")


@pytest.mark.parametrize("suffix", ["html", "json"])
def test_lists_have_suffixes_too(client, suffix):
    for path in ("/documents", "/coverage", "/criteria", "/facets", "/search?q=pension", "/cite?q=R5"):
        answer = client.get(path.replace("?", f".{suffix}?") if "?" in path else f"{path}.{suffix}")
        assert answer.status_code == 200 and answer.headers["content-type"].startswith(MEDIA[suffix])
    assert client.get("/documents.jsonld").status_code == 404


@pytest.mark.parametrize(
    "path", ["/id/crpd/art33/2", "/search?q=pension", "/documents", "/openapi.json", "/id/no/where"]
)
def test_head_is_get_without_its_body(client, path):
    head, full = client.head(path), client.get(path)
    assert head.status_code == full.status_code and head.content == b"" and full.content
    for name in ("content-type", "content-length", "etag"):
        assert head.headers.get(name) == full.headers.get(name)


@pytest.mark.parametrize(
    ("address", "accept", "html"),
    [
        ("/id/nope.html", "*/*", True),
        ("/id/nope.json", "text/html", False),
        ("/id/nope.csl.json", "text/html", False),
        ("/search.html?q=AND+AND", "*/*", True),
        ("/search?q=AND+AND&format=html", "*/*", True),
        ("/search?q=AND+AND&format=json", "text/html", False),
        ("/id/nope", "text/html", True),
        ("/id/nope", "*/*", False),
    ],
)
def test_an_error_has_the_form_that_the_address_asks_for_before_that_of_the_header(client, address, accept, html):
    answer = client.get(address, headers={"accept": accept})
    assert answer.status_code in (400, 404), answer.text
    assert answer.headers["content-type"].startswith("text/html" if html else "application/problem+json")


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("R1", "'R1' holds criteria and is no passage. They are R1.a, R1.b, R1.c, R1.d."),
        ("D7", "'D7' holds criteria and is no passage. They are D7.a,"),
        ("r1.a", "Nearest are: R1.a."),
        ("R1.z", "Nearest are: R1."),
        ("CRPD", "Nearest are: crpd"),
        ("crpd/art333", "Nearest are: crpd/art33"),
    ],
)
def test_an_unknown_identifier_is_answered_with_the_nearest_ones(client, id, said):
    answer = client.get(f"/id/{id}", headers={"accept": "application/json"})
    assert answer.status_code == 404 and said in f"{answer.json()['title']} {answer.json()['detail']}", answer.json()


def test_the_description_has_the_etag_of_the_index(client):
    first = client.get("/openapi.json")
    assert first.headers["etag"] and first.headers["content-type"] == "application/json"
    again = client.get("/openapi.json", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304 and again.headers["etag"] == first.headers["etag"]


def test_a_suffix_is_taken_off_the_longest_first():
    assert split_suffix("crpd/art33/2.csl.json") == ("crpd/art33/2", "csl.json")
    assert split_suffix("beijing/H.2") == ("beijing/H.2", "") and split_suffix(".json") == (".json", "")


def test_own_words_are_in_a_field_and_a_box_of_their_own(client):
    record = client.get("/id/crpd/art33/2").json()["record"]
    assert record["text"] == "" and record["statement"] and not record["may_quote"]
    page = client.get("/id/crpd/art33/2", headers=PAGE).text
    assert (
        "In this project's words, not a quotation" in page.replace("&#39;", "'")
        and "<blockquote" not in page.split("<h2>")[0]
    )


def test_json_ld_is_an_annotation_whose_selectors_resolve_here(client):
    page = client.get("/id/paper/r5.jsonld").json()
    target = page["items"][0]["target"]
    target = target[0] if isinstance(target, list) else target
    position, quote = target["selector"]
    for asked in ({"start": position["start"], "end": position["end"]}, {"exact": quote["exact"][:200]}):
        found = client.get("/resolve", params={"source": target["source"], **asked}).json()["passages"]
        assert "paper/r5" in {each["id"] for each in found}


def test_csl_json_is_the_reference_that_cite_and_export_write(client):
    (item,) = client.get("/id/crpd/art33/2.csl.json").json()
    assert item["type"] == "treaty" and item["section"] == "art. 33(2)"


def test_documents_and_criteria_have_identifiers_too(client):
    assert client.get("/id/crpd").json()["document"]["own_words"] > 200
    assert client.get("/id/R1.a").json()["kind"] == "stated"
    page = client.get(
        f"/id/{next(each['id'] for each in client.get('/criteria').json()['criteria'] if each['kind'] == 'derived')}",
        headers=PAGE,
    ).text
    assert "derived by this project" in page and "A person decides" in page


def test_nothing_that_people_wrote_in_the_workspace_is_served(client):
    from click.testing import CliRunner

    from kb.cli.main import root

    words = ["codes", "add", "crpd/art33/2", "sector:health", "--by", "Zelda Secret", "--memo", "a private remark"]
    assert CliRunner().invoke(root, words).exit_code == 0
    for suffix in ("html", "json", "jsonld", "csl.json"):
        answer = client.get(f"/id/crpd/art33/2.{suffix}").text
        assert "Zelda" not in answer and "private remark" not in answer and "sector:health" not in answer


# --- search ---


def test_hits_of_different_force_are_in_different_lists_and_absent_comes_first(client):
    found = client.get("/search", params={"q": "pension"}).json()
    assert next(iter(found)) == "absent" and found["absent"] is False
    forces = [each["force"] for each in found["lists"]]
    assert len(forces) == len(set(forces)) and forces[0] == "legal-obligation"
    assert all(hit["force"] == each["force"] for each in found["lists"] for hit in each["hits"])
    nothing = client.get("/search", params={"q": '"guaranteed jobs for life"'}).json()
    assert nothing["absent"] and all(hit["nearest"] for each in nothing["lists"] for hit in each["hits"])


def test_pages_follow_by_cursor_and_no_hit_comes_twice(client):
    seen, cursor, pages = [], "", 0
    while cursor is not None and pages < 4:
        page = client.get("/search", params={"q": "women", "limit": 5, "cursor": cursor}).json()
        seen += [hit["id"] for each in page["lists"] for hit in each["hits"]]
        cursor, pages = page["next"], pages + 1
    assert pages > 1 and len(seen) == len(set(seen))


def test_a_cursor_fits_no_other_question(client):
    cursor = client.get("/search", params={"q": "women", "limit": 5}).json()["next"]
    answer = client.get("/search", params={"q": "land", "limit": 5, "cursor": cursor})
    assert answer.status_code == 400 and "another question" in answer.json()["detail"]


@pytest.mark.parametrize("facet", ["group=older-persons", "force=legal-obligation", "document=mipaa"])
def test_a_filter_finds_over_all_its_pages_as_many_as_its_count_says(client, facet):
    name, _, term = facet.partition("=")
    counted = client.get("/search", params={"q": "women"}).json()["facets"][name][term]
    seen, shown, cursor = [], [], ""
    while cursor is not None:
        page = client.get("/search", params={"q": "women", "facet": facet, "limit": 50, "cursor": cursor}).json()
        hits = [hit for each in page["lists"] for hit in each["hits"]]
        seen += [hit["id"] for hit in hits if hit["matches"]]
        shown.append((page["total"], page["facets"], page["worded"]))
        cursor = page["next"]
    total, facets, worded = shown[0]
    assert all(one == shown[0] for one in shown), "every page has the same counts"
    assert len(seen) == len(set(seen)) == total == counted > 3 and worded == 0
    assert facets[name][term] == counted


def test_a_cursor_fits_no_other_filter(client):
    asked = {"q": "women", "facet": "document=mipaa", "limit": 5}
    cursor = client.get("/search", params=asked).json()["next"]
    assert client.get("/search", params={**asked, "cursor": cursor}).status_code == 200
    answer = client.get("/search", params={**asked, "facet": "document=crpd", "cursor": cursor})
    assert answer.status_code == 400 and "another question" in answer.json()["detail"]


def test_reasons_are_given_when_asked_for(client):
    plain, explained = (client.get("/search", params={"q": "pension", "explain": on}).json() for on in (False, True))
    assert plain["lists"][0]["hits"][0]["why"] == {} and explained["lists"][0]["hits"][0]["why"]["legs"]


def test_filters_narrow_and_a_misspelt_one_is_refused(client):
    found = client.get("/search", params={"q": "pension", "facet": ["force=legal"]}).json()
    assert [each["force"] for each in found["lists"]] == ["legal-obligation"]
    assert (
        "there is no facet 'grup'" in client.get("/search", params={"q": "a", "facet": "grup=youth"}).json()["detail"]
    )


def test_without_words_a_filter_gives_everything_that_has_it(client):
    found = client.get("/search", params={"q": "", "facet": "document=crpd", "limit": 3}).json()
    assert found["query"] == "" and found["total"] > 200 and found["next"] and not found["absent"]
    assert {hit["document"] for each in found["lists"] for hit in each["hits"]} == {"crpd"}
    assert client.get("/search", params={"q": ""}).status_code == 400


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/search?q=pension&facets=force%3Dlegal", "no parameter 'facets' here. There are: q, facet"),
        ("/search?q=pension&q=land", "'q' is given 2 times"),
        ("/documents?limit=3", "no parameter 'limit'"),
        ("/search?q=pension&force=legal", "no parameter 'force'"),
        ("/search?q=pension&group=nope", "no parameter 'group'"),
        ("/search?q=pension&filter=force:legal", "no parameter 'filter'"),
        ("/search?q=pension&document=crpd", "no parameter 'document'"),
        ("/cite?q=CRPD+art.+12&q=CEDAW+art.+3", "'q' is given 2 times"),
        ("/id/crpd?around=9", "This address takes none"),
    ],
)
def test_a_parameter_that_would_be_left_unheeded_is_refused(client, path, words):
    answer = client.get(path)
    assert answer.status_code == 400 and words in answer.json()["detail"]


COMMAND = re.compile(r"\bkb [a-z]+|(?<!\w)--[a-z]+")


@pytest.mark.parametrize(
    "path",
    [
        "/id/crpd/art33/2", "/id/crpd/art99", "/id/nobody", "/cite?q=CRPD+art.+33(2)", "/cite?q=art.+6", "/cite?q=ILO+C100",
        "/cite?q=BPfA+para.+9999", "/search?q=", "/search?q=a&facet=grup=youth", "/search?q=%22unbalanced", "/coverage", "/criteria",
        "/search?q=guaranteed+jobs+for+life", "/resolve?source=urn:sha256:0&start=1&end=2", "/nowhere",
    ],
)  # fmt: skip
def test_no_answer_advises_a_command_that_who_asks_does_not_have(client, path):
    told = []

    def gather(value, name=""):
        if isinstance(value, dict):
            for key, inner in value.items():
                gather(inner, key)
        elif isinstance(value, list):
            for inner in value:
                gather(inner, name)
        elif name in ("message", "missing", "notes", "note", "detail"):
            told.append(str(value))

    gather(client.get(path, headers={"Accept": "application/json"}).json())
    assert not [words for words in told if COMMAND.search(words)]
    page = client.get(path, headers={"Accept": "text/html"}).text
    assert not re.search(r"\bkb (?:fetch|add|build|list|sources|doctor|search)\b", page)


def test_a_criterion_of_ours_is_no_recommendation_of_experts(client):
    found = {
        each["id"]: each for each in client.get("/criteria", headers={"Accept": "application/json"}).json()["criteria"]
    }
    forces = {each["recommendation"][0]: each["force"] for each in found.values()}
    assert forces == {"R": "expert-recommendation", "D": "derived"}
    derived = next(id for id in found if id.startswith("D"))
    assert "our addition" in found[derived]["force_words"]
    assert "our addition" in client.get(f"/id/{derived}", headers={"Accept": "text/html"}).text
    assert "our addition" in client.get(f"/id/{derived}.jsonld").json()["kb:force"]


# --- selectors ---


def test_every_selector_of_json_ld_resolves_to_its_passage(client, live_kb):
    from kb.api.live import state

    ids = [each.id for each in state().store.passages() if each.kind != "heading"]
    for id in ids[::60]:
        target = client.get(f"/id/{id}.jsonld").json()["items"][0]["target"]
        for each in target if isinstance(target, list) else [target]:
            position, quoted = each["selector"]
            for asked in ({"start": position["start"], "end": position["end"]}, {"exact": quoted["exact"]}):
                answer = client.get("/resolve", params={"source": each["source"], **asked})
                assert id in {found["id"] for found in answer.json()["passages"]}, (id, asked)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("source=urn:kb:passage:paper/r5&exact=words+that+are+not+there", 404),
        ("source=urn:kb:passage:paper/r5&start=0&end=99999", 404),
        ("source=urn:kb:passage:paper/r5&start=9&end=3", 400),
        ("source=urn:kb:passage:paper/r5&start=9", 400),
        ("source=urn:sha256:00&start=1&end=2", 404),
        ("source=urn:sha256:00", 400),
    ],
)
def test_a_selector_that_points_nowhere_is_no_answer(client, asked, status):
    assert client.get(f"/resolve?{asked}").status_code == status


def test_a_selector_that_points_at_everything_is_refused_and_not_cut(client):
    source = client.get("/id/paper").json()["document"]["source"]
    answer = client.get("/resolve", params={"source": f"urn:sha256:{source['sha256']}", "start": 0, "end": 10**6})
    assert answer.status_code == 400 and "passages stand at this selector" in answer.json()["detail"]


# --- pages ---


@pytest.mark.parametrize("path", ["/", "/search?q=pension", "/cite?q=art.+6", "/cite?q=R5", "/documents", "/coverage", "/criteria",
                                  "/facets", "/id/crpd", "/id/paper/r5", "/id/nothing/here"])  # fmt: skip
def test_a_page_needs_no_script_and_has_its_landmarks(client, path):
    html = pytest.importorskip("lxml.html", reason="needs lxml to read the page")
    answer = client.get(path, headers=PAGE)
    page = html.fromstring(answer.text)
    assert page.get("lang") == "en" and page.xpath("//title/text()") and page.xpath("count(//main)") == 1
    assert page.xpath("//a[@class='skip']/@href") == ["#content"] and len(page.xpath("//h1")) == 1
    assert not page.xpath("//script | //link | //img | //iframe | //*[@onclick]")
    assert all(page.xpath(f"//label[@for='{id}']") for id in page.xpath("//input/@id"))
    levels = [int(each.tag[1]) for each in page.xpath("//h1|//h2|//h3|//h4")]
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False)), levels
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_markup_in_a_question_stays_words(client):
    page = client.get("/search", params={"q": '"<script>alert(1)</script>"'}, headers=PAGE).text
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_text_contrasts_with_its_ground_seven_to_one(client):
    style = client.get("/", headers=PAGE).text
    for colour in set(re.findall(r"[{;]color:(#[0-9a-f]{6})", style)) | {"#0b4a8f"}:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        assert 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05) >= 7, colour


# --- caching ---


def test_an_answer_that_is_known_is_not_sent_again(client):
    first = client.get("/id/crpd/art33/2")
    etag = first.headers["etag"]
    for given in (etag, f"W/{etag}", f'"x", {etag}'):
        again = client.get("/id/crpd/art33/2", headers={"if-none-match": given})
        assert again.status_code == 304 and not again.content and again.headers["etag"] == etag
    any_one = client.get("/id/crpd/art33/2", headers={"if-none-match": "*"})
    assert any_one.status_code == 304 and any_one.headers["etag"] == etag
    assert client.get("/id/no/where", headers={"if-none-match": "*"}).status_code == 404, "there is nothing to have"
    other = client.get("/id/crpd/art33/2", headers={"accept": "text/html"})
    assert other.headers["etag"] != etag and "Accept" in other.headers["vary"]


def test_what_changes_beside_the_index_changes_the_etag(client, live_kb):
    from kb.config import settings

    before = {path: client.get(path).headers["etag"] for path in ("/coverage", "/criteria", "/id/crpd/art33/2")}
    assert before == {path: client.get(path).headers["etag"] for path in before}
    library = settings().library
    library.mkdir(parents=True)
    (library / "note").write_text("a text was added", encoding="utf-8")
    assert all(client.get(path).headers["etag"] != etag for path, etag in before.items())


# --- what strangers send ---


@pytest.mark.parametrize(
    "path",
    ["/id/../../etc/passwd", "/id/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/id/..%5c..%5cwindows", "/id/%00", "/id/a%ff", "/id//", "/id/crpd//",
     "/nothing", "/id/x.exe", "/resolve?source=file:///etc/passwd&start=0&end=9", "/id/" + "a/" * 150],
)  # fmt: skip
def test_tricks_with_paths_are_not_found_or_refused(client, path):
    answer = client.get(path)
    assert answer.status_code in (400, 404) and "root:" not in answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    ["/search", "/search?q=a&limit=0", "/search?q=a&limit=x", "/search?q=a&mode=best", "/search?q=" + "a" * 2001, "/cite?q=",
     "/search?q=a&" + "&".join(["facet=a=b"] * 21), "/resolve?source=urn:sha256:0&start=-1&end=2", "/id/" + "a" * 401,
     "/search?q=AND+AND", "/search?q=%22", "/search?q=((((", "/search?q=a&cursor=%F0%9F%92%A9", "/facets?format=xml",
     "/search?q=a&cursor=" + "MTp4"],
)  # fmt: skip
def test_what_cannot_be_read_is_a_4xx_that_says_what(client, path):
    answer = client.get(path)
    assert 400 <= answer.status_code < 500 and answer.json()["detail"]


def test_an_address_without_end_is_refused_before_it_is_read(client):
    assert client.get("/search?q=" + "a" * 9000).status_code == 414


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "", "localhost:80:80", "[::2]"]
)
def test_another_host_is_refused(client, host):
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "localhost:8600", "127.0.0.1:1", "[::1]:8600", "LOCALHOST"])
def test_this_machine_is_known_under_its_names(client, host):
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/", "/search?q=a", "/id/paper/r5"])
def test_nothing_can_be_written(client, method, path):
    answer = client.request(method, path, content=b"x" * 100_000)
    assert answer.status_code == 405 and "GET" in answer.headers["allow"]


def test_too_many_requests_are_told_to_wait_and_one_client_slows_no_other(live_kb):
    from kb.http.guard import Rate

    now = [0.0]
    rate = Rate(rate=2, burst=3, clock=lambda: now[0])
    assert [rate.wait("a") for _ in range(4)] == [0, 0, 0, 0.5] and rate.wait("b") == 0
    now[0] = 0.5
    assert rate.wait("a") == 0 and rate.wait("a") > 0
    client = TestClient(create_app(ServerOptions(rate=0.001, burst=1)), base_url="http://localhost")
    assert client.get("/documents").status_code == 200
    answer = client.get("/documents")
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) >= 1


def test_other_pages_may_read_answers_only_where_they_are_named(live_kb):
    closed = TestClient(create_app(), base_url="http://localhost")
    opened = TestClient(create_app(ServerOptions(origins=("https://example.org",))), base_url="http://localhost")
    asked = {"origin": "https://example.org"}
    assert "access-control-allow-origin" not in closed.get("/documents", headers=asked).headers
    assert opened.get("/documents", headers=asked).headers["access-control-allow-origin"] == "https://example.org"
    ask = {**asked, "access-control-request-method": "GET", "access-control-request-headers": "if-none-match"}
    assert opened.options("/documents", headers=ask).status_code == 200
    assert (
        "access-control-allow-origin"
        not in opened.get("/documents", headers={"origin": "https://evil.example"}).headers
    )


def test_an_index_that_is_damaged_is_a_503_that_names_no_folder(client, monkeypatch):
    from kb.errors import IndexError_

    def broken():
        raise IndexError_(
            "passages.sqlite was changed since it was built.", where="/srv/secret/indexes", do="Run: kb build"
        )

    monkeypatch.setattr("kb.search.live_searcher", broken)
    answer = client.get("/documents")
    assert answer.status_code == 503 and "secret" not in answer.text and "was changed" in answer.json()["detail"]


def test_openapi_has_examples_and_only_reads(client):
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/search", "/cite", "/id/{id}", "/coverage", "/criteria", "/documents", "/facets", "/resolve"} == set(paths)
    assert all(set(operations) == {"get"} for operations in paths.values())
    for operation in (each["get"] for each in paths.values()):
        answers = operation["responses"]
        assert "example" in answers["200"]["content"]["application/json"] and set(answers["304"]) == {"description"}
        faults = {code: list(each["content"]) for code, each in answers.items() if code not in ("200", "304")}
        assert set(faults) == {"400", "404", "405", "411", "413", "414", "421", "422", "429", "431", "503"}
        assert all(each == ["application/problem+json", "text/html"] for each in faults.values())
    assert set(paths["/id/{id}"]["get"]["responses"]["200"]["content"]) == set(MEDIA.values())


def test_every_example_of_openapi_works_as_it_is(client):
    paths, asked = client.get("/openapi.json").json()["paths"], 0
    for path, operation in paths.items():
        given = operation["get"].get("parameters", [])
        required = {p["name"]: next(iter(p["examples"].values()))["value"] for p in given if p.get("required")}
        for parameter in given:
            for example in parameter.get("examples", {}).values():
                values = {**required, parameter["name"]: example["value"]}
                address = path.replace("{id}", quote(str(values.pop("id", "")), safe=""))
                assert client.get(address, params=values).status_code == 200, (path, values)
                asked += 1
    assert asked > 12


def test_answers_have_the_shape_that_openapi_states(client):
    jsonschema = pytest.importorskip("jsonschema", reason="needs jsonschema to check answers")
    description = client.get("/openapi.json").json()
    for path, address in {
        "/search": "/search?q=pension&explain=true", "/cite": "/cite?q=art.+6", "/documents": "/documents",
        "/coverage": "/coverage", "/criteria": "/criteria", "/facets": "/facets",
        "/resolve": "/resolve?source=urn:kb:passage:paper/r5", "/id/{id}": "/id/crpd",
    }.items():  # fmt: skip
        content = description["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        schema = {**content["schema"], "components": description["components"]}
        jsonschema.validate(client.get(address).json(), schema)
        if "example" in content:
            jsonschema.validate(content["example"], schema)
    for address in ("/id/R1.a", "/id/paper/r5"):
        jsonschema.validate(client.get(address).json(), schema)


@pytest.mark.slow
def test_schemathesis_finds_no_5xx(live_kb):
    schemathesis = pytest.importorskip("schemathesis", reason="needs schemathesis")
    from hypothesis import HealthCheck, given, settings

    app = create_app(ServerOptions(hosts=("*",), rate=1e9, burst=10**9))
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    asked = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
        )
        @given(case=operation.as_strategy())
        def ask(case):
            nonlocal asked
            asked += 1
            assert case.call().status_code < 500

        ask()
    assert asked > 200


# --- policies of the library ---


def test_a_hidden_document_is_in_no_answer(client, monkeypatch):
    from kb.api import live

    monkeypatch.setattr(live, "_hidden", lambda config: frozenset({"crpd"}))
    found = client.get("/search", params={"q": "sign language interpreters", "limit": 50}).json()
    assert not [each["id"] for part in found["lists"] for each in part["hits"] if each["id"].startswith("crpd")]
    assert "crpd" not in [each["id"] for each in client.get("/documents").json()["documents"]]
    assert "crpd" not in client.get("/facets").json()["facets"]["document"]
    for address in ("/id/crpd", "/id/crpd/art12", "/id/crpd/art12.jsonld"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("policies", [False, True])
def test_an_application_of_ones_own_serves_policies_only_where_it_is_told_to(client, monkeypatch, policies):
    from kb.api import live

    monkeypatch.setattr(live, "_hidden", lambda config: frozenset({"crpd"} if live.for_others.get() else ()))
    own = TestClient(create_app(ServerOptions(rate=1e9, burst=10**9, policies=policies)), base_url="http://localhost")
    assert own.get("/id/crpd/art33/2.json").status_code == (200 if policies else 404)
    assert client.get("/id/crpd/art33/2.json").status_code == 404, "what one application kept is not given by another"
    assert not live.for_others.get() and "crpd" in live.state().documents, "one's own program goes on seeing all"


def test_a_server_leaves_out_the_policies_of_the_library_unless_it_is_asked_for_them(tmp_path, monkeypatch):
    from kb.api import live
    from kb.config import settings
    from kb.sources.keep import add_policy

    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "w"))
    (tmp_path / "act.txt").write_text("Act\n\nArticle 1. Every resident has a pension.\n")
    add_policy(tmp_path / "act.txt", settings().library, country="KEN", title="Draft act", date="2019", status="draft")
    assert live._hidden(settings()) == frozenset(), "on one's own machine everything is answered from"
    asked = live.for_others.set(True)
    assert live._hidden(settings()) == {"ken-draft-act"}
    live.for_others.reset(asked)
    monkeypatch.setenv(live.WITHOUT_POLICIES, "1")
    assert live._hidden(settings()) == {"ken-draft-act"}
