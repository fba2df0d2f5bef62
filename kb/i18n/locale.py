"""Dates, times and numbers in the format of the current language."""

from __future__ import annotations

from datetime import date, datetime

from kb.i18n.catalogue import language, t
from kb.languages import locale


def _locale() -> str:
    return locale(language())


def day(on: date) -> str:
    """Return a date in words: 3 May 2019."""
    from babel.dates import format_date

    return format_date(on, "long", locale=_locale())


def month_day(on: date) -> str:
    """Return a date without its year: 3 May."""
    from babel.dates import format_skeleton

    return format_skeleton("MMMMd", datetime(on.year, on.month, on.day), locale=_locale())


def clock(at: datetime) -> str:
    """Return hour and minute on the 24-hour clock: 09:05."""
    return f"{at:%H:%M}"


def number(n: float) -> str:
    """Return a number with its digits grouped and all its decimals: 12,345.5, in Spanish 12.345,5."""
    from babel.numbers import format_decimal

    return format_decimal(n, locale=_locale(), decimal_quantization=False)


def decimals(n: float, digits: int = 3) -> str:
    """Return a number with exactly `digits` decimals: 0.740, in French 0,740."""
    from babel.numbers import format_decimal

    return format_decimal(n, format=f"0.{'0' * digits}", locale=_locale())


def percent(share: float, digits: int = 0) -> str:
    """Return a share (0 to 1) as a percentage in the current language: 56%, in French 56 %."""
    from babel.numbers import format_percent

    return format_percent(share, format=None if not digits else _per_cent(digits), locale=_locale())


def _per_cent(digits: int) -> str:
    """Return the current language's CLDR pattern of a percentage, with this many decimals."""
    from babel.core import Locale

    pattern = str(Locale.parse(_locale()).percent_formats[None].pattern)
    return pattern.replace("#,##0", f"#,##0.{'0' * digits}")


def line_span(span: tuple[int, int]) -> str:
    """Return a range of lines in words of the current language: line 4, lines 4–6."""
    first, last = span
    return t("line {line}", line=first) if first == last else t("lines {first}–{last}", first=first, last=last)
