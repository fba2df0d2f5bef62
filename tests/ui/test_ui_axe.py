"""Every page and its main states under axe-core (WCAG 2.2), at three widths, light and dark; by keyboard; magnified."""

from __future__ import annotations

import re
import sys
import time
from importlib.resources import files
from pathlib import Path

import pytest
from ui_driving import body, drawn, element, open_browser, visit, wait_for

from kb.assessment import policies
from kb.framework import load as load_framework
from kb.log.store import open_workspace
from kb.sources import keep
from kb.sources.library import document_of
from kb.workspace import sample

pytestmark = pytest.mark.slow

WIDTHS = (1440, 768, 360)
"""A desk, a tablet, and a phone, which is also 400 % on a desk."""
OF_STREAMLIT = {"presentation-role-conflict": "stFileUploaderDropzone"}
"""Rule to the part of Streamlit that breaks it and that a page cannot mend; ACCESSIBILITY.md names each."""
RUN = """const done = arguments[0];
axe.run(document, {resultTypes: ['violations']}).then(
  found => done(found.violations.flatMap(one => one.nodes.map(node => [one.id, one.impact, node.html.slice(0, 300)]))),
  error => done([['axe', 'critical', String(error)]]))"""
PAGES = (
    "",
    "?q=older+persons",
    "search",
    "search?q=older+persons&page=1&document=mipaa",
    "search?q=carbon+tax+on+flights",
    "search?nosuch=1",
    "commitments?instrument=mipaa",
    "commitments?id=crpd/art9/1/a",
    "promised?sector=health",
    "read",
    "read?document=crpd&at=crpd/art9/1/a",
    "read?document=mipaa&session=-&facet=group&at=mipaa/pd/1",
    "passage?id=crpd/art9/1/a",
    "passage?id=no/such",
    "brief?group=older-persons",
    "assess",
    "assess?set=sampleland",
    "matrix?set=sampleland",
    "matrix?set=nosuch",
    "criterion?set=sampleland",
    "criterion?set=sampleland&criterion=R3.a",
    "criterion?set=sampleland&criterion=R1.a&view=criteria",
    "criterion?set=sampleland&criterion=R1.a&view=decide",
    "checks?set=sampleland",
    "changes?set=sampleland",
    "actions?set=sampleland",
    "compare?set=sampleland",
    "report?set=sampleland",
    "coding?facet=group&document=mipaa",
    "codebook",
    "agreement",
    "analysis?document=mipaa&facet=group",
    "export?q=older&what=results",
    "export?what=findings&set=sampleland",
    "about",
    "audit",
    "missing?page=code",
)


@pytest.fixture(scope="module")
def with_sample(served, root):
    """Return the address of the app, with the sample assessment in its workspace."""
    corpus = root / "corpus"
    with open_workspace(f"sqlite:///{served.workspace / 'workspace.sqlite'}") as ws:
        sample.add(ws, load_framework(corpus / "framework"), corpus, sample.load_sample(corpus))
    return served.address


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    """Return one browser for the complete file; axe-core is added to each page that it opens."""
    opened = open_browser(tmp_path_factory.mktemp("axe"))
    yield opened
    opened.quit()


def seen_as(chromium, width: int, theme: str) -> None:
    """Show the page at a width, with a system theme (light or dark)."""
    chromium.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]}
    )
    chromium.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    time.sleep(0.3)  # colours change over 0.2 s


def violations(chromium) -> list[str]:
    """Return what axe-core finds at every width and theme, except what OF_STREAMLIT names."""
    chromium.execute_script(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = []
    for theme in ("light", "dark"):
        for width in WIDTHS:
            seen_as(chromium, width, theme)
            for _ in range(LOOKS):
                if not (wrong := _against_the_rules(chromium)):
                    break
                time.sleep(2)  # a busy machine draws the colours of a theme later: what is wrong stays wrong
            found += [f"{rule} ({impact}) at {width} px, {theme}: {html}" for rule, impact, html in wrong]
    return found


LOOKS = 8
"""Looks at a page before what axe-core finds counts as wrong, two seconds apart."""


def _against_the_rules(chromium) -> list[list[str]]:
    """Return what axe-core finds now, except what OF_STREAMLIT names: rule, impact and HTML of each."""
    found = chromium.execute_async_script(RUN)
    return [one for one in found if OF_STREAMLIT.get(one[0], "\n") not in one[2]]


def sideways(chromium) -> list[str]:
    """Return the elements for which a reader must scroll sideways at this width, except regions that scroll by
    themselves."""
    return chromium.execute_script("""const wide = [];
      for (const one of document.querySelectorAll('.stMain *')) {
        const box = one.getBoundingClientRect();
        if (box.width && box.right > innerWidth + 1 && !one.closest('.kb-scroll, .k-scroll, pre, nav, .k-sr, .k-jump, [data-testid=stSkeleton]')
          && getComputedStyle(one).position !== 'fixed') wide.push(one.className + ' ' + one.textContent.slice(0, 40));
      }
      return wide.slice(0, 5).concat(document.scrollingElement.scrollWidth > innerWidth + 1 ? ['the page'] : [])""")


COVERED = """const found = [];
for (const one of document.querySelectorAll('.k-top a, .k-top button, .st-key-kb-who input')) {
  const box = one.getBoundingClientRect(), at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  if (!at || !(one.contains(at) || at.contains(one))) found.push(one.textContent || one.ariaLabel);
}
return found;"""


@pytest.mark.parametrize("width", (1440, 1000, 900, 768, 761, 600, 360))
@pytest.mark.parametrize("language", ("en", "es", "fr"))
def test_nothing_in_the_bar_stands_behind_anything_else(chromium, with_sample, width, language):
    seen_as(chromium, width, "light")
    visit(chromium, with_sample + "about")
    chromium.execute_script(f"document.cookie = 'kb-language={language}; path=/'")
    visit(chromium, with_sample + "about")
    covered = chromium.execute_script(COVERED)
    chromium.execute_script("document.cookie = 'kb-language=en; path=/'")
    assert covered == []


@pytest.mark.parametrize("page", PAGES)
def test_no_page_breaks_a_rule_of_wcag_at_any_width_or_theme(chromium, with_sample, page):
    seen_as(chromium, 1440, "light")
    visit(chromium, with_sample + page)
    assert violations(chromium) == []


def test_the_printed_page_of_a_law_breaks_none_either(chromium, with_sample, served, tmp_path):
    sys.path.append(str(Path(__file__).parents[1] / "read"))
    from make import pdf

    file, library = tmp_path / "act.pdf", served.workspace / "library"
    file.write_bytes(pdf([[(72, 100, "Article 1. Registration is free."), (72, 300, "Article 2. A board decides.")]]))
    record = keep.add_policy(
        file, library, id="act", title="An Act", country="KEN", language="en", status="in-force", date="2019"
    )
    with open_workspace(f"sqlite:///{served.workspace / 'workspace.sqlite'}") as ws:
        policies.create_set(ws, "printed", "Printed", country="KEN", by="Ada Example")
        text = document_of(record, library)
        policies.add_policy(ws, "printed", text, by="Ada Example", label="1", standing="in-force")
    for page in ("read?document=printed/act&as=page", "criterion?set=printed&criterion=R1.a&as=page"):
        seen_as(chromium, 1440, "light")
        visit(chromium, with_sample + page)
        wait_for(lambda: chromium.find_elements("css selector", ".k-page img"), "the printed page")
        assert violations(chromium) == []


def test_picked_hits_open_chips_and_a_draft_with_its_errors_break_none_either(chromium, with_sample):
    from selenium.webdriver.common.keys import Keys

    seen_as(chromium, 1440, "light")
    visit(chromium, with_sample + "search?q=older+persons")
    element(chromium, "css selector", "input[data-pick]").click()
    wait_for(lambda: "1 passage picked" in body(chromium), "the tray")
    drawn(chromium)  # while a page is drawn anew, Streamlit shows what is old paler than it may be
    chromium.execute_script("for (const one of document.querySelectorAll('.k-chip')) one.open = true")
    assert violations(chromium) == []
    seen_as(chromium, 1440, "light")
    visit(chromium, with_sample + "criterion?set=sampleland&criterion=R1.b")
    element(chromium, "css selector", "[aria-label='Your name']").send_keys("Ada Example", Keys.ENTER)
    element(chromium, "css selector", "[aria-label='Rationale']").send_keys("A reason")
    wait_for(lambda: "Draft, not recorded yet" in body(chromium), "the draft")
    drawn(chromium)
    assert violations(chromium) == []


@pytest.mark.parametrize(
    "page, far, stays",
    [
        (
            "read?document=paper&session=-&facet=group&at=paper/r5",
            "[id$='r5']",
            ".st-key-kb-reader > [data-testid=stLayoutWrapper] > [data-testid=stHorizontalBlock] > :nth-child(3) > div",
        ),
        ("search?q=older+persons", ".k-hit:last-of-type", ".st-key-kb-tray"),
    ],
)
def test_what_one_works_with_stays_in_view_however_far_the_text_is_scrolled(chromium, with_sample, page, far, stays):
    seen_as(chromium, 1440, "light")
    visit(chromium, with_sample + page)
    element(chromium, "css selector", far)
    chromium.execute_script(f"[...document.querySelectorAll({far!r})].at(-1).scrollIntoView()")
    where = f"return document.querySelector({stays!r}).getBoundingClientRect().toJSON()"
    in_sight = lambda box: -box["height"] / 2 < box["top"] < 900  # at the end of a text its lower half may be left
    time.sleep(0.3)  # the scrolling itself
    wait_for(lambda: in_sight(chromium.execute_script(where)), "what one works with to be in sight")
    assert chromium.execute_script(where)["height"] <= 900, "no higher than the screen"


@pytest.mark.parametrize(
    "page", ["?q=older+persons", "matrix?set=sampleland", "criterion?set=sampleland&criterion=R1.a"]
)
@pytest.mark.parametrize("zoom, width", [(200, 720), (400, 360)])
def test_nothing_is_wider_than_the_screen_when_it_is_magnified(chromium, with_sample, page, zoom, width):
    seen_as(chromium, width, "light")
    visit(chromium, with_sample + page)
    assert sideways(chromium) == [], f"at {zoom} %"


def test_the_first_result_is_at_most_eight_tab_stops_away(chromium, with_sample):
    from selenium.webdriver.common.keys import Keys

    seen_as(chromium, 1440, "light")
    visit(chromium, with_sample + "search?q=older+persons")
    wait_for(lambda: chromium.find_elements("css selector", ".kb-cite a"), "the hits")
    drawn(chromium)
    chromium.execute_script("document.activeElement.blur(); document.body.focus()")
    first = chromium.find_element("css selector", ".kb-cite a")
    reached = []
    for _ in range(8):
        chromium.switch_to.active_element.send_keys(Keys.TAB)
        at = chromium.switch_to.active_element
        reached.append(at.text or at.get_attribute("aria-label"))
        if at.get_attribute("class") == "k-jump":
            at.send_keys(Keys.ENTER)
        if at == first:
            break
    assert at == first, reached


def test_what_streamlit_breaks_is_named_in_the_page_on_access(root):
    words = (root / "ACCESSIBILITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([\w-]+)`", words, re.MULTILINE))
    assert named == set(OF_STREAMLIT)
