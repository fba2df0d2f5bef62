"""Words that a page's styles hide become leftovers, in every way that CSS offers; visible words stay text."""

from __future__ import annotations

import pytest

from kb.read.colours import colour
from kb.read.limits import OverLimit

HIDDEN, SEEN = "Foreign residents are excluded from every pension.", "Every resident has the right to a pension."


def page(css: str, body: str) -> bytes:
    return (
        f"<!doctype html><html lang=en><head><title>T</title><style>{css}</style></head><body><h1>Act</h1><p>1. The first "
        f"rule of the act.</p>{body}<p>3. The last rule of the act.</p></body></html>"
    ).encode()


def words(pages) -> tuple[str, list[str]]:
    return " ".join(p.text for p in pages.paragraphs), [left.text for left in pages.leftovers if left.kind == "hidden"]


SELECTORS = [  # a rule that means the element with the words, and one that is nearly the same and does not
    ("p[title]", "p[lang]", "<p title=x>@</p>"),
    ('[data-x="y"]', '[data-x="Y"]', "<p data-x=y>@</p>"),
    ('[data-x="Y" i]', '[data-x="Y" s]', "<p data-x=y>@</p>"),
    ('[class^="hid"]', '[class^="id"]', "<p class=hidden-x>@</p>"),
    ('[class*="dde"]', '[class*=""]', "<p class=hidden-x>@</p>"),
    ('[class~="b"]', '[class~="a b"]', '<p class="a b">@</p>'),
    ("[lang|=fr]", "[lang|=f]", "<p lang=fr-CA>@</p>"),
    ("p:nth-of-type(2)", "p:nth-of-type(3)", "<p>@</p>"),
    ("i + p:nth-child(2n + 4)", "i + p:nth-child(2n + 5)", "<i>A word.</i><p>@</p>"),
    ("div :nth-last-child(1)", "div :nth-last-child(2)", "<div><b>One.</b><p>@</p></div>"),
    ("div :nth-child(1 of .x)", "div :nth-child(2 of .x)", "<div><b>One.</b><p class=x>@</p></div>"),
    ("div p:last-child", "div p:only-child", "<div><p>Some words.</p><p>@</p></div>"),
    (":is(p, :of-tomorrow).x", ":is(li).x", "<p class=x>@</p>"),
    ("div p:not(.y, .z)", "div p:not(.x)", "<div><p class=x>@</p></div>"),
    ("div:has(> i)", "div:has(+ i)", "<div>@ <i>x</i></div>"),
    ("h2 + p", "h2 + p + p", "<h2>Two</h2><p>@</p>"),
    ("h2 ~ p.x", "p.x ~ p.x", "<h2>Two</h2><p>Some words.</p><p class=x>@</p>"),
    (r".sm\:gone", ".sm", "<p class='sm:gone'>@</p>"),
    ("body > div > .x", "body > .x", "<div><p class=x>@</p></div>"),
    (".a .b .x", ".b .a > .x", "<div class=a><div class=b><p><span class=x>@</span></p></div></div>"),
    ("p:not(:hover).x", "p:hover.x", "<p class=x>@</p>"),
    (".x:first-of-type, .x", ".x, .x:of-tomorrow", "<p class=x>@</p>"),
]


@pytest.mark.parametrize(("means", "does_not", "body"), SELECTORS, ids=[row[0] for row in SELECTORS])
def test_a_rule_hides_what_its_selector_means_and_nothing_else(read_bytes, means, does_not, body):
    text, left = words(read_bytes(page(f"{means}{{display:none}}", body.replace("@", HIDDEN)), "a.html"))
    assert HIDDEN not in text and any(HIDDEN in each for each in left) and "first rule" in text and "last rule" in text
    text, left = words(read_bytes(page(f"{does_not}{{display:none}}", body.replace("@", SEEN)), "a.html"))
    assert SEEN in text and not any(SEEN in each for each in left)


@pytest.mark.parametrize(
    "css",
    [
        ":root{--d:none} .x{display:var(--d)}",
        ".x{display:var(--unsaid, none)}",
        ":root{--a:#fff;--b:var(--a)} .x{color:var(--b)}",
        "@supports (display:grid){.x{display:none}}",
        "@media screen and (min-width:600px){.x{display:none}}",
        "@media (600px <= width){.x{display:none}}",
        "@layer a, b; @layer b{.x{display:none}} @layer a{.x{display:block}}",
        "@layer a{.x{display:none!important}} .x{display:block!important}",
        "body{color:black; .x{display:none}}",
        "p{&.x{display:none}}",
        "@scope (body){.x{display:none}}",
        ".x{background:url('a;b}c.png');display:none}",
        "@keyframes go{to{opacity:0}} .x{animation:go 0s forwards}",
        ".x{display:none",
    ],
)
def test_a_rule_that_holds_on_a_screen_hides(read_bytes, css):
    text, left = words(read_bytes(page(css, f"<p class=x>{HIDDEN}</p>"), "a.html"))
    assert HIDDEN not in text and HIDDEN in left and "last rule" in text


@pytest.mark.parametrize(
    "css",
    [
        ".x{display:var(--unsaid)}",
        ":root{--bg:#003} .x{color:white;background:var(--bg)}",
        "@supports not (display:grid){.x{display:none}}",
        "@media print{.x{display:none}}",
        "@media (max-width:600px){.x{display:none}}",
        "@media (prefers-color-scheme:dark){.x{color:#fff}}",
        "@media not all{.x{display:none}}",
        "@layer a{.x{display:none}} .x{display:block}",
        "p.x{display:block} :where(p.x){display:none}",
        "@keyframes come{from{opacity:0}to{opacity:1}} .x{opacity:0;animation:come 1s forwards}",
        ".x::before{display:none}",
        "/* .x{display:none} */",
        "@font-face{font-family:a;src:url(a)} .x{color:#000}",
    ],
)
def test_a_rule_that_does_not_hold_on_a_screen_hides_nothing(read_bytes, css):
    text, left = words(read_bytes(page(css, f"<p class=x>{SEEN}</p>"), "a.html"))
    assert SEEN in text and SEEN not in left


STYLES = [  # what hides, and what is near it and does not
    ("position:absolute;inset:-9999px auto auto -9999px", "position:absolute;inset:0"),
    ("position:absolute;inset-inline-start:-9999px", "inset-inline-start:-9999px"),
    ("position:absolute;left:calc(-9999px - 1px)", "width:calc(100% - 10px);overflow:hidden"),
    ("position:fixed;left:-1000%", "position:absolute;left:50%;transform:translate(-50%,-50%)"),
    ("translate:-9999px 0", "translate:10px 0"),
    ("transform:matrix(0,0,0,0,0,0)", "transform:matrix(1,0,0,1,0,0)"),
    ("transform:rotateX(90deg)", "transform:rotateX(180deg)"),
    ("scale:0", "scale:1.2"),
    ("clip-path:polygon(0 0,0 0,0 0)", "clip-path:polygon(0 0,100% 0,100% 100%,0 100%)"),
    ("clip-path:ellipse(0 0)", "clip-path:circle(50%)"),
    ("clip-path:inset(0 100% 0 0)", "clip-path:inset(5%)"),
    ("position:absolute;clip:rect(4px,4px,4px,4px)", "position:absolute;clip:rect(0,600px,100px,0)"),
    ("text-indent:100%;white-space:nowrap;overflow:hidden", "text-indent:2em"),
    ("height:0;overflow:clip", "height:0"),
    ("height:0;padding-top:40px;overflow:hidden", "height:0;padding-bottom:40px;overflow:hidden"),
    ("height:0;padding:1px;overflow:hidden", "height:0;padding:40px;overflow:hidden"),
    ("position:absolute;clip:rect(0 0 0 0)", "clip:rect(0 0 0 0)"),
    ("position:absolute;width:1px;height:1px;overflow:hidden", "width:1px"),
    ("max-width:0;overflow:hidden", "max-width:0;overflow:hidden;text-overflow:ellipsis;display:table-cell"),
    ("height:0;min-height:0;overflow:hidden", "height:0;min-height:40px;overflow:hidden"),
    ("width:0;overflow:hidden", "width:0;min-width:100%;overflow:hidden"),
    ("block-size:0;overflow:hidden", "max-height:min(100%,40em);overflow:hidden"),
    ("letter-spacing:-100px", "letter-spacing:-0.5px"),
    ("mask:linear-gradient(transparent,transparent)", "mask:linear-gradient(#000,transparent)"),
    ("color:hsl(0 0% 100%)", "color:hsl(0 0% 100%);background:hsl(220 50% 20%)"),
    ("color:oklch(1 0 0)", "color:oklch(.4 .1 200)"),
    ("color:lab(100% 0 0)", "color:lab(30 0 0)"),
    ("color:color-mix(in srgb, white, white)", "color:color-mix(in srgb, black, blue)"),
    ("color:color(srgb 1 1 1)", "color:light-dark(black, white)"),
    ("color:#00000000", "color:#ffff0"),
]


@pytest.mark.parametrize(("hides", "shows"), STYLES)
def test_a_style_that_takes_words_out_of_sight_hides_them_and_one_near_it_does_not(read_bytes, hides, shows):
    text, left = words(read_bytes(page("", f'<p style="{hides}">{HIDDEN}</p>'), "a.html"))
    assert HIDDEN not in text and HIDDEN in left
    text, left = words(read_bytes(page("", f'<p style="{shows}">{SEEN}</p>'), "a.html"))
    assert SEEN in text and SEEN not in left


@pytest.mark.parametrize(
    "body",
    [
        "<noscript><p>@</p></noscript>",
        "<table><tr><td>A cell</td><td style='display:none'>@</td></tr></table>",
        "<p>A rule.<sup><a href='#n'>1</a></sup></p><p id=n hidden>@</p>",
        "<dialog><p>@</p></dialog>",
    ],
)
def test_what_a_page_keeps_from_view_by_its_elements_is_left_over(read_bytes, body):
    text, left = words(read_bytes(page("", body.replace("@", HIDDEN)), "a.html"))
    assert HIDDEN not in text and HIDDEN in left


@pytest.mark.parametrize(
    "body",
    [
        "<details><summary>More</summary><p>@</p></details>",
        "<p aria-hidden=true>@</p>",
        "<p hidden=until-found>@</p>",
        "<dialog open><p>@</p></dialog>",
        "<div style='visibility:hidden'><p style='visibility:visible'>@</p></div>",
    ],
)
def test_what_a_reader_can_see_stays_text(read_bytes, body):
    assert SEEN in words(read_bytes(page("", body.replace("@", SEEN)), "a.html"))[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("oklch(62.8% 0.2577 29.23)", (255, 0, 0)),
        ("oklab(0.5 0 0)", (99, 99, 99)),
        ("lab(54.29 80.8 69.89)", (255, 0, 0)),
        ("lch(100 0 0)", (255, 255, 255)),
        ("hwb(120 0% 50%)", (0, 128, 0)),
        ("hsl(240deg 100% 50%)", (0, 0, 255)),
        ("color-mix(in oklab, red 25%, blue)", (64, 0, 191)),
        ("rgb(from navy r g b)", (0, 0, 128)),
        ("CanvasText", (0, 0, 0)),
    ],
)
def test_a_colour_is_the_same_in_every_form(text, value):
    found = colour(text)
    assert found is not None and found[1] == 1.0
    assert all(abs(a - b) <= 1 for a, b in zip(found[0], value, strict=True))


@pytest.mark.parametrize(
    ("css", "body"),
    [
        (".fade:not(.show){opacity:0}", "<div class=fade>@</div>"),
        ("[v-cloak]{display:none}", "<div v-cloak>@</div>"),
        ("[data-aos^=fade]{opacity:0}", "<div data-aos=fade-up>@</div>"),
    ],
)
def test_what_a_script_of_the_page_shows_at_once_stays_text_and_without_a_script_it_is_hidden(read_bytes, css, body):
    scripted = read_bytes(page(css, body.replace("@", SEEN) + "<script>go()</script>"), "a.html")
    assert SEEN in words(scripted)[0]
    assert ["until its own script shows them" in problem.what for problem in scripted.problems] == [True], "and said"
    text, left = words(read_bytes(page(css, body.replace("@", HIDDEN)), "a.html"))
    assert HIDDEN not in text and HIDDEN in left


def test_a_page_none_of_whose_words_wait_for_a_script_has_no_problem(read_bytes):
    css = "[v-cloak]{display:none} .fade:not(.show){color:navy} p:not(.x){margin:0}"
    assert not read_bytes(page(css, f"<p class=fade>{SEEN}</p><script>go()</script>"), "a.html").problems


def test_a_part_that_a_button_opens_stays_text(read_bytes):
    body = f"<a data-bs-toggle=collapse href='#more'>More</a><div id=more class=collapse>{SEEN}</div>"
    assert SEEN in words(read_bytes(page(".collapse:not(.show){display:none}", body), "a.html"))[0]


@pytest.mark.slow
def test_a_style_sheet_made_to_take_long_is_refused_in_time(read_bytes):
    """Rules with `:has()` and many ancestors, over many elements."""
    css = "".join(f":has(i:nth-last-child({n})) * * * * p:not(.a{n}){{opacity:.9}}" for n in range(200))
    body = "<div>" * 40 + "<p>word</p>" * 3_000 + f"<p>{SEEN}</p>" + "</div>" * 40
    with pytest.raises(OverLimit, match="style sheets"):
        read_bytes(page(css, body), "a.html")
