"""Why a file was not read, in the reader's language: the reader itself speaks English, and so do its messages in a
terminal."""

from __future__ import annotations

from kb.i18n import later, t

REASONS = (
    later("this is no document that can be read: its bytes are no text"),
    later("the ZIP container is damaged"),
    later("this is a spreadsheet or a presentation, not a text document"),
    later("the Office file is protected by a password"),
    later("this Office file is no Word document"),
    later("the EPUB names no package file"),
    later("the page only asks to enable JavaScript; its text is not in the file"),
    later("the HTML cannot be parsed"),
    later("its elements are nested too deep to be read whole"),
    later("the JSON is nested too deeply"),
    later("this is an old Word file (.doc) and LibreOffice is not installed"),
    later("LibreOffice could not convert the old Word file"),
    later("the PDF is encrypted in a way that is not supported"),
    later("the PDF is encrypted and needs a password"),
    later("the PDF is damaged and cannot be opened"),
    later("its XML declares entities, which no such file needs and which can be an attack"),
    later("the document holds no text"),
    later("The document holds no text"),
    later("Read PDF, Word, OpenDocument, RTF, HTML, Markdown, text, EPUB, JSON or a ZIP of these."),
    later("Save it as PDF, Word or text and read that."),
    later("Save the text that matters as PDF or Word and read that."),
    later("Open it in Word with the password, save a copy without one and read that."),
    later("Save the text as PDF or Word and read that."),
    later("Open it in a browser and save the full page, or print it to PDF."),
    later("Save the page again from a browser."),
    later("Open it in Word, save it as .docx and read that."),
    later("Install LibreOffice, or save the file as .docx or PDF and read that."),
    later("Get an unencrypted copy from its publisher."),
    later("Get the file again from its source, or print it to a new PDF."),
    later("Get the file again from its source."),
    later("Open it in a word processor and save it again."),
    later("Give a file with text, or read the scan with OCR."),
)
"""What the reader says word for word; a message that holds a value of the file stays as it is."""


def reason(error: str) -> str:
    """A message of the reader in the present language, as far as its sentences are known."""
    for known in REASONS:
        if known in error:
            error = error.replace(known, t(known))
    return error
