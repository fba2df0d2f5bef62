"""Perform and count what a person does in the app: each click, each choice and each filled field is one action."""

from __future__ import annotations

import sys
from pathlib import Path

from ui_driving import READY, element, wait_for

sys.path.append(str(Path(__file__).parents[1] / "read"))


class Person:
    """A person at a browser. `actions` counts what they did; `by_hand` moves the mouse, so that a field loses focus
    first."""

    def __init__(self, browser, by_hand: bool = False) -> None:
        self.browser, self.actions, self.by_hand = browser, 0, by_hand

    def see(self, how: str, what: str):
        """Wait for an element and return it; this is no action."""
        return element(self.browser, how, what)

    def settled(self) -> None:
        """Wait until the page no longer changes: what the last action asked for has been answered."""
        wait_for(lambda: self.browser.execute_script(READY), "the page to be drawn")

    def open(self, url: str) -> None:
        """Open an address."""
        self.actions += 1
        self.browser.get(url)
        self.settled()

    def click(self, how: str, what: str) -> None:
        """Click the element found by `what`; `how` is Selenium's way of finding it."""
        from selenium.common.exceptions import WebDriverException

        self.actions += 1
        there = self.see(how, what)
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", there)
        try:
            if self.by_hand:
                there.click()
        except WebDriverException:  # something stands before it, or the page was drawn anew
            there = self.see(how, what)
            self.browser.execute_script("arguments[0].click()", there)
        if not self.by_hand:
            self.browser.execute_script("arguments[0].click()", there)
        self.settled()

    def press(self, words: str) -> None:
        """Press the button whose label begins with `words`, once it is enabled."""
        path = f"//button[not(@disabled)][.//p[starts-with(normalize-space(.), '{words}')]]"
        self.click("xpath", path)

    def follow(self, words: str) -> None:
        """Click the link with the text `words`."""
        self.click("partial link text", words)

    def write(self, label: str, words: str, *, enter: bool = False) -> None:
        """Type `words` into the field with this label, then press Enter if `enter`."""
        from selenium.webdriver.common.keys import Keys

        self.actions += 1
        field = self.see("css selector", f"[aria-label='{label}']")
        field.send_keys(words, *([Keys.ENTER] if enter else []))
        self.settled()

    def choose(self, label: str, words: str) -> None:
        """Choose from a list by typing the beginning of an option."""
        from selenium.webdriver.common.keys import Keys

        self.actions += 1
        self.see("css selector", f"input[role=combobox][aria-label*='{label}']")
        box = self.browser.find_elements("css selector", f"input[role=combobox][aria-label*='{label}']")[-1]
        box.send_keys(words)
        box.send_keys(Keys.ENTER)
        self.settled()

    def tick(self, words: str) -> None:
        """Tick the checkbox whose label contains `words`."""
        self.click("xpath", f"//*[@data-testid='stCheckbox'][contains(normalize-space(.), '{words}')]//label")

    def drop(self, file: Path) -> None:
        """Give a file to the upload field of the page."""
        self.actions += 1
        self.see("css selector", "input[type=file]").send_keys(str(file))
        self.settled()
