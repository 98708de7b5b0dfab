"""Draws site_templates/icons/icon-192.png and icon-512.png from icon.svg: python -m tests.tools.draw_icons

The larger one is cut to shape by the phone (a maskable icon), so its ground reaches the corners.
"""

import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ICONS = Path(__file__).parent.parent.parent / "site_templates" / "icons"
CORNER = ' rx="10"'


def draw(size: int, *, full: bool) -> bytes:
    """A PNG of the icon with few colours, so that it is small."""
    svg = (ICONS / "icon.svg").read_text("utf-8")
    assert CORNER in svg
    shown = svg.replace(CORNER, "") if full else svg
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium-headless-shell"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": size, "height": size})
        page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:100%}}</style>{shown}")
        raw = page.screenshot(omit_background=True)
        browser.close()
    picture = io.BytesIO()
    Image.open(io.BytesIO(raw)).quantize(32, method=Image.Quantize.FASTOCTREE).save(picture, "PNG", optimize=True)
    return picture.getvalue()


if __name__ == "__main__":
    for size, full in ((192, False), (512, True)):
        (ICONS / f"icon-{size}.png").write_bytes(draw(size, full=full))
