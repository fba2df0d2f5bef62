"""Laws in Akoma Ntoso: divisions with printed numbers, the file's own ids as locators; other XML is refused by name."""

import pytest

from kb.errors import InputError
from kb.structure import parse

ACT = """<?xml version="1.0"?><akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act name="act">
<meta><identification source="#x"><FRBRWork><FRBRthis value="/akn/x"/></FRBRWork></identification></meta>
<preface><longTitle><p>An Act about access</p></longTitle></preface><body>
<part eId="part_I"><num>PART I</num>
<section eId="sec_1"><num>1.</num><heading>Register<authorialNote marker="1"><p>As amended in 2020.</p></authorialNote></heading>
 <subsection eId="sec_1__subsec_1"><num>(1)</num><intro><p>The council shall keep <del>two</del><ins>three</ins> registers of 5<sup>2</sup>:</p></intro>
  <paragraph eId="sec_1__subsec_1__para_a"><num>(a)</num><content><p>of dwellings; <remark>[repealed]</remark></p></content></paragraph>
  <paragraph eId="sec_1__subsec_1__para_b"><num>(b)</num><content><p>of ramps</p><p>and of lifts.</p></content></paragraph>
  <wrapUp><p>and publish them.</p></wrapUp></subsection></section>
<section eId="sec_2A"><num>2A.</num><content><blockList eId="list"><listIntroduction>In this Act:</listIntroduction>
 <item eId="item_i"><num>(i)</num><p>“ramp” means a slope;</p></item></blockList>
 <table eId="t"><tr><th>Body</th><th>Year</th><th>Cost</th></tr><tr><td rowspan="2">Mayor</td><td></td><td>5</td></tr><tr><td>2027</td><td></td></tr></table>
</content></section>
<section eId="sec_3" status="removed"><num>3.</num><content><p>Gone.</p></content></section></part></body></act></akomaNtoso>"""


def test_divisions_numbers_and_ids(read_bytes):
    pages = read_bytes(ACT.encode(), "act.xml")
    assert pages.type == "akn"
    assert [(p.kind, p.number, p.text, p.locator) for p in pages.paragraphs] == [
        ("paragraph", None, "An Act about access", None),
        ("heading", "PART I", "PART I", "part_I"),
        ("heading", "1", "1. Register", "sec_1"),
        ("note", "1", "As amended in 2020.", None),
        ("paragraph", "(1)", "(1) The council shall keep three registers of 5²:", "sec_1__subsec_1"),
        ("list-item", "(a)", "(a) of dwellings;", "sec_1__subsec_1__para_a"),
        ("list-item", "(b)", "(b) of ramps", "sec_1__subsec_1__para_b"),
        ("paragraph", None, "and of lifts.", "sec_1__subsec_1__para_b"),
        ("paragraph", None, "and publish them.", "sec_1__subsec_1"),
        ("paragraph", "2A", "2A. In this Act:", "sec_2A"),
        ("list-item", "(i)", "(i) “ramp” means a slope;", "item_i"),
        ("table-row", None, "Body | Year | Cost", "t"),
        ("table-row", None, "Mayor | | 5", "t"),
        ("table-row", None, "| 2027 |", "t"),
    ]
    assert [(p.kind, p.text) for p in pages.leftovers] == [
        ("deleted", "two"),
        ("editorial", "[repealed]"),
        ("deleted", "3. Gone."),
    ]
    assert pages.paragraphs[4].section == ("PART I", "1. Register")


def test_the_publishers_ids_are_the_passages_locators(read_bytes):
    document = parse(read_bytes(ACT.encode(), "act.xml"), "generic", document="act", title="Act")
    ids = [p.id for p in document.passages]
    assert len(ids) == len(set(ids))
    assert {"act/sec_1", "act/sec_1__subsec_1__para_a", "act/sec_1__subsec_1__para_b/2", "act/t/3"} <= set(ids)


def test_the_second_version_and_a_prefix(read_bytes):
    data = (
        b'<akn:akomaNtoso xmlns:akn="http://www.akomantoso.org/2.0"><akn:act><akn:body><akn:article id="art5"><akn:num>Art. 5</akn:num>'
        b"<akn:content><akn:p>All may take part.</akn:p></akn:content></akn:article></akn:body></akn:act></akn:akomaNtoso>"
    )
    assert [(p.text, p.locator) for p in read_bytes(data, "a.xml").paragraphs] == [
        ("Art. 5 All may take part.", "art5")
    ]


@pytest.mark.parametrize(
    ("data", "root"),
    [
        (b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "rss"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><text>a</text></svg>', "svg"),
        (b"<?xml version='1.0'?><!-- c --><pkg:package xmlns:pkg='x'/>", "package"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Legislation/>", "Legislation"),
    ],
)
def test_other_xml_is_refused_by_its_name(read_bytes, data, root):
    with pytest.raises(InputError, match=f"XML of a kind that is not read .its root is <{root}>"):
        read_bytes(data, "a.xml")


@pytest.mark.parametrize(
    "sheet",
    [
        '<presentation source="#x">.x{color:#fff}</presentation>',
        '<presentation source="#x"><h:style xmlns:h="http://www.w3.org/1999/xhtml">.x{display:none}</h:style></presentation>',
        '<presentation source="#x"><style>authorialNote, inline.x { visibility: hidden }</style></presentation>',
    ],
)
def test_words_that_the_laws_own_style_sheet_hides_are_left_over(read_bytes, sheet):
    shown = '<p>The council keeps registers.</p><p><inline class="x">and pays one million dollars to Ana.</inline></p>'
    law = ACT.replace("</meta>", f"{sheet}</meta>").replace("<p>An Act about access</p>", shown)
    pages = read_bytes(law.encode(), "act.xml")
    text = " ".join(p.text for p in pages.paragraphs)
    assert "The council keeps registers." in text and "million" not in text
    assert any("million" in p.text for p in pages.leftovers if p.kind == "hidden")
