"""Read mail files: the text of the message; attachments and pictures are listed, never opened or fetched."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage, MIMEPart

from kb.amounts import some
from kb.errors import InputError
from kb.read.archive import printable
from kb.read.decode import decode
from kb.read.draft import Draft, Reading
from kb.read.formats import ReadOptions, SourceFile
from kb.read.formats.html import read_markup
from kb.read.formats.text import paragraphs
from kb.read.limits import Limits, OverLimit
from kb.text import squeeze

_SOFT = re.compile(r"(?<=\S)(?<!\n--) \r?\n(?!>)(?!-- ?\r?\n)")
"""Matches a line break added by the mail program, not by the writer; not before quoted lines or the signature mark."""


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read the file with `read_mail`."""
    return read_mail(source.data(options.limits), options.limits)


def read_mail(data: bytes, limits: Limits) -> Reading:
    """Return the paragraphs of a mail's plain text, or of its HTML when it has no plain text. Raises InputError when it
    has neither."""
    _check_headers(data, limits)
    message: EmailMessage = email.message_from_bytes(data, policy=email.policy.default)
    reading = Reading("mail")
    for name in ("From", "To", "Date"):
        if message[name]:
            reading.leftovers.append(Draft(f"{name}: {squeeze(str(message[name]))}", "leftover"))
    if message["Subject"]:
        reading.drafts.append(Draft(squeeze(str(message["Subject"])), "heading", level=1))
    part, other = message.get_body(("plain", "html")), message.get_body(("html",))
    if part is None:
        raise InputError("the mail holds no text", where="mail", do="Save its attachment as a file and read that.")
    text = _text(part)
    if part.get_content_subtype() == "html":
        read_markup(text, reading, limits)
    else:
        text = _unflowed(text, part)
        reading.drafts += [Draft(squeeze(text[a:b])) for a, b in paragraphs(text)]
        if other is not None:
            _compare(text, _text(other), reading, limits)
    for attached in message.iter_attachments():
        reading.trouble(
            f"an attachment was not read: {printable(attached.get_filename() or attached.get_content_type())}",
            "Save it as a file and read that.",
        )
    return reading


def _text(part: MIMEPart) -> str:
    """Decode the text of one part of a mail."""
    payload = part.get_payload(decode=True)
    return decode(payload if isinstance(payload, bytes) else b"", declared=True, label=part.get_content_charset())[0]


def _unflowed(text: str, part: MIMEPart) -> str:
    """Join lines that the mail program broke (RFC 3676, format=flowed); with delsp the space at the break is removed
    too."""
    if str(part.get_param("format") or "").lower() != "flowed":
        return text
    space = "" if str(part.get_param("delsp") or "").lower() == "yes" else " "
    return _SOFT.sub(space, text)


def _compare(plain: str, page: str, reading: Reading, limits: Limits) -> None:
    """Report text that is in the mail's HTML (`page`) but not in its plain text, and add it to the leftovers."""
    found = Reading("mail")
    read_markup(page, found, limits)
    letters = _letters(plain)
    more = [draft for draft in found.drafts if (words := _letters(draft.text)) and words not in letters]
    reading.leftovers += [Draft(draft.text, "other-form") for draft in more]
    if more:
        reading.trouble(
            f"the mail comes in two forms, and its web page says what its plain text does not, "
            f"in {some(len(more), 'place')}, such as '{printable(more[0].text[:60])}'; the plain text was read",
            "Read them among the leftovers, and look at the mail before you quote it.",
        )


def _letters(text: str) -> str:
    """Return the letters and digits of a text, case-folded, for comparison."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _check_headers(data: bytes, limits: Limits) -> None:
    """Raise OverLimit when a header field of any part (such as a list of addresses) is so long that parsing it would
    take minutes."""
    for part in email.message_from_bytes(data).walk():
        for name, value in part.raw_items():
            if len(str(value)) > limits.header_chars:
                raise OverLimit(
                    f"the header {printable(name)} has {len(str(value)):,} characters, more than "
                    f"{limits.header_chars:,}",
                    where="mail",
                    do="Save the text of the mail as a file and read that.",
                )
