"""What the accessibility engine says of a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def shuts_nobody_out(page: Page) -> None:
    """Refuse any fault. Where the browser runs no scripts the engine would wait for ever and is not asked."""
    if page.evaluate("typeof htmx === 'undefined'"):
        return
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
