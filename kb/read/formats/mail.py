"""Mail files: the message's text; pictures and other attachments are named, never opened or fetched."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

from kb.errors import InputError
from kb.read.archive import printable
from kb.read.decode import decode
from kb.read.draft import Draft, Reading
from kb.read.formats.html import read_markup
from kb.read.formats.text import paragraphs
from kb.read.limits import Limits, OverLimit
from kb.text import squeeze


def read_mail(data: bytes, limits: Limits) -> Reading:
    """A mail's paragraphs: plain text where there is some, else its HTML. Raises InputError where it has neither."""
    _check_headers(data, limits)
    message: EmailMessage = email.message_from_bytes(data, policy=email.policy.default)
    reading = Reading("mail")
    for name in ("From", "To", "Date"):
        if message[name]:
            reading.leftovers.append(Draft(f"{name}: {squeeze(str(message[name]))}", "leftover"))
    if message["Subject"]:
        reading.drafts.append(Draft(squeeze(str(message["Subject"])), "heading", level=1))
    part = message.get_body(("plain", "html"))
    if part is None:
        raise InputError("the mail holds no text", where="mail", do="Save its attachment as a file and read that.")
    payload = part.get_payload(decode=True)
    text = decode(payload if isinstance(payload, bytes) else b"", declared=True, label=part.get_content_charset())[0]
    if part.get_content_subtype() == "html":
        read_markup(text, reading, limits)
    else:
        reading.drafts += [Draft(squeeze(text[a:b])) for a, b in paragraphs(text)]
    for attached in message.iter_attachments():
        reading.trouble(
            f"an attachment was not read: {printable(attached.get_filename() or attached.get_content_type())}",
            "Save it as a file and read that.",
        )
    return reading


def _check_headers(data: bytes, limits: Limits) -> None:
    """Raises OverLimit for a header field, of any part, that is so long that parsing it takes minutes (a list of
    addresses)."""
    for part in email.message_from_bytes(data).walk():
        for name, value in part.raw_items():
            if len(str(value)) > limits.header_chars:
                raise OverLimit(
                    f"the header {printable(name)} has {len(str(value)):,} characters, more than "
                    f"{limits.header_chars:,}",
                    where="mail",
                    do="Save the text of the mail as a file and read that.",
                )
