"""What a page must be in the browser, asked of it wherever a test has brought it."""

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe().axe_script
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "wcag2aaa", "best-practice"]
COLOUR_RULES = ["color-contrast", "color-contrast-enhanced", "link-in-text-block"]  # the second leaves to the first what it finds
SCHEMES: dict[Literal["light", "dark"], dict[str, Any]] = {
    "light": {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]},
    "dark": {"runOnly": {"type": "rule", "values": COLOUR_RULES}, "resultTypes": ["violations"]},
}


def violations(page: Page) -> list[str]:
    """What axe finds in the light scheme, and in the dark one, which changes colours and nothing else."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = []
    for scheme, options in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)
        broken = page.evaluate("async (options) => (await axe.run(options)).violations", options)
        found += [f"{scheme}, {one['id']}: {node['html'][:120]}" for one in broken for node in one["nodes"]]
    page.emulate_media(color_scheme="light")
    return found


# A table of figures and its picture may scroll inside their own frame (WCAG 1.4.10 excepts them), when the frame has a name and
# takes the keyboard.
OVERFLOWS = """() => {
  const root = document.documentElement;
  const isFrame = (element) => element.matches("[role=region][aria-labelledby][tabindex='0']:has(> table, > svg)");
  const clipped = [...document.querySelectorAll("main *, header *, footer *")].filter((element) => {
    if (element.matches("input, textarea, select") || isFrame(element)) return false; // what is typed scrolls inside by nature
    const { overflowX, overflowY, clipPath } = getComputedStyle(element);
    const hides = overflowX !== "visible" || overflowY !== "visible";
    return hides && clipPath === "none"
      && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
  });
  return [
    ...(root.scrollWidth > root.clientWidth ? [`page is ${root.scrollWidth} px wide`] : []),
    ...clipped.map((element) => `clipped: ${element.outerHTML.slice(0, 80)}`),
  ];
}"""

# A link in the middle of a sentence is as high as its line (WCAG 2.5.8 excepts it); one that stands alone is for a thumb.
SMALL_TARGETS = """() => {
  const isInSentence = (target) => {
    const around = target.closest("p, li, dd, dt, div, td");
    if (!around) return false;
    const texts = document.createTreeWalker(around, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { parentElement, data } = texts.currentNode;
      if (data.trim() && !parentElement.closest("a, h3")) return true;
    }
    return false;
  };
  const height = (target, box) => {
    const { display, lineHeight } = getComputedStyle(target);
    return display === "inline" ? Math.max(box.height, parseFloat(lineHeight)) : box.height;
  };
  return [...document.querySelectorAll("a, button, input, select, summary")]
    .filter((target) => target.checkVisibility() && !target.classList.contains("skip"))
    .map((target) => ({ target, box: target.getBoundingClientRect() }))
    .filter(({ target, box }) =>
      Math.min(box.width, height(target, box)) < 24 || (!isInSentence(target) && height(target, box) < 44))
    .map(({ target, box }) => `${box.width.toFixed(1)} × ${box.height.toFixed(1)}: ${target.outerHTML.slice(0, 80)}`);
}"""

# Text whose colour is that of what is behind it.
INVISIBLE = """() => {
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/^rgba.*, 0\\)$/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()))
    .filter((element) => getComputedStyle(element).color === behind(element))
    .map((element) => element.outerHTML.slice(0, 80));
}"""
