"""Texts of the program in the reader's language: gettext catalogues in this folder, and dates and numbers by locale.

English is written in the code and is used for texts without a translation. Texts of law, of the framework and our
statements are data and are not translated.
"""

from kb.i18n.catalogue import TranslatedLabels, language, later, speaking, t, tn, use
from kb.i18n.locale import clock, day, decimals, line_span, month_day, number, percent

__all__ = [
    "TranslatedLabels",
    "clock",
    "day",
    "decimals",
    "language",
    "later",
    "line_span",
    "month_day",
    "number",
    "percent",
    "speaking",
    "t",
    "tn",
    "use",
]
