"""Walking a page by keyboard alone."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect


@dataclass
class Clavier:
    """Somebody who has no mouse."""

    page: Page

    def aller(self, cible: Locator) -> "Clavier":
        """Tab until the element has the focus, and see that the focus shows."""
        expect(cible).to_be_visible()
        for _ in range(100):
            if cible.evaluate("element => element === document.activeElement"):
                break
            self.page.keyboard.press("Tab")
        else:
            pytest.fail(f"La touche Tab ne mène pas à {cible}.")
        expect(cible).to_be_in_viewport()
        assert cible.evaluate(
            "e => [getComputedStyle(e)].some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0)"
        ), f"Rien ne montre que {cible} a le focus."
        return self

    def presser(self, *touches: str) -> None:
        for touche in touches:
            self.page.keyboard.press(touche)
