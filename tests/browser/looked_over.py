"""What a page is looked over for in the browser: axe's findings, text cut off, charts without words, keyboard stops."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from steps import settled

GRAVE = {"serious", "critical"}
OPEN_ALL = """() => document.querySelectorAll('[data-testid=stExpander] details:not([open]) > summary')
    .forEach(summary => summary.click())"""
SIDEWAYS = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
    .filter(e => e.scrollWidth > e.clientWidth + 1)
    .map(e => `${e.tagName} scrolls sideways: ${e.scrollWidth} in ${e.clientWidth}`)"""
CUT_OFF = """() => {
  const shown = e => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().width > 2;
  const said = [];
  const words = ':is(p, h1, h2, h3, td, th, dt, dd, li, label, summary, a, button, span)';
  for (const e of document.querySelectorAll(`[data-testid=stMain] ${words}`)) {
    if (!shown(e) || !e.textContent.trim() || e.closest('svg, [data-testid=stDataFrame], .ff-table thead')) continue;
    const style = getComputedStyle(e), right = e.getBoundingClientRect().right;
    if (right > innerWidth + 1 && !e.closest('[aria-hidden=true]'))
      said.push(`off the side: ${e.textContent.slice(0, 60)}`);
    if (['hidden', 'clip'].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1)
      said.push(`cut off: ${e.textContent.slice(0, 60)}`);
  }
  for (const svg of document.querySelectorAll('[data-testid=stVegaLiteChart] svg')) {
    const box = svg.getBoundingClientRect();
    for (const text of svg.querySelectorAll('text')) {
      const own = text.getBoundingClientRect();
      if (own.width && text.textContent.trim() && (own.left < box.left - 1 || own.right > box.right + 1))
        said.push(`cut off in a chart: ${text.textContent}`);
    }
  }
  return said;
}"""
CHARTS = """() => {
  const chart = '[data-testid=stVegaLiteChart]', table = 'table, [data-testid=stDataFrame]';
  const all = [...document.querySelectorAll(`[data-testid=stMain] :is(h1, h2, ${table}, ${chart})`)];
  return all.map((e, at) => [e, at]).filter(([e]) => e.matches(chart)).map(([e, at]) => {
    const named = e.hasAttribute('aria-label') ? e : e.querySelector('[aria-label]');
    const ends = all.findIndex((other, k) => k > at && other.matches('h1, h2'));
    const after = all.slice(at, ends < 0 ? undefined : ends);
    return {text: named ? named.getAttribute('aria-label') : '', drawn: !!e.querySelector('svg, canvas'),
            table: after.some(other => other.matches(table))};
  });
}"""
STOPS = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0)
    .filter(e => e.getBoundingClientRect().width > 1 && !e.closest('[aria-hidden=true], canvas, [inert]'))
    .map(e => { (e.closest('[role=radiogroup]') || e).dataset.stop = 'x'; return e; }).length"""
"""A group of radio buttons is one stop; the arrow keys choose in it."""
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const before = window.lastStop, style = getComputedStyle(e), seen = e.dataset.seen;
  const back = before && before !== e && !(before.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING);
  window.lastStop = e; e.dataset.seen = 'x';
  const inside = e.closest('[data-baseweb=select], [data-baseweb=input], [data-testid=stFileUploaderDropzone]');
  const rings = [e, inside, inside && inside.firstElementChild];
  const ringed = rings.filter(Boolean).some(one => {
    const own = getComputedStyle(one);
    return parseFloat(own.outlineWidth) >= 2 && own.outlineStyle !== 'none';
  });
  return {name: (e.getAttribute('aria-label') || e.textContent || e.tagName).trim().slice(0, 60), back: !!back,
          ring: ringed, seen: !!seen, stayed: before === e};
}"""
UNSEEN = """() => [...document.querySelectorAll('[data-stop]:not([data-seen])')]
    .filter(e => e.checkVisibility() && !e.querySelector('[data-seen]'))
    .map(e => (e.getAttribute('aria-label') || e.textContent || e.outerHTML).trim().slice(0, 80))"""
MOVING = """() => [...document.querySelectorAll('[data-testid=stApp] *')].filter(e => e.checkVisibility()).filter(e => {
    const s = getComputedStyle(e);
    return [s.animationDuration, s.transitionDuration].some(all => all.split(',').some(one => parseFloat(one) > 0.01));
  }).map(e => `${e.tagName} ${e.className}`.slice(0, 80))"""


def opened(page, address):
    """The page at an address, all of it drawn and everything that folds open."""
    page.goto(address)
    expect(page.get_by_test_id("stPageLink").first).to_be_attached(timeout=60_000)
    settled(page)
    page.evaluate(OPEN_ALL)
    expect(page.locator("[data-testid=stExpander] details:not([open])")).to_have_count(0)
    return all_drawn(page)


def all_drawn(page):
    """The page once every chart on it is drawn for the window as it is."""
    settled(page)
    page.wait_for_function(
        """() => [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(e => {
            const drawn = e.querySelector('svg, canvas');
            return drawn && Math.abs(drawn.getBoundingClientRect().width - e.getBoundingClientRect().width) < 3;
        })"""
    )
    return page


def grave(page, rules=()):
    """What axe-core calls serious or critical, in a line each; by these rules alone, where some are named."""
    options = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found if one["impact"] in GRAVE for node in one["nodes"]]


def tabbed(page, most=250):
    """Go through a page by the Tab key: every stop in order, and the stops that were never reached."""
    page.evaluate("() => { document.activeElement.blur(); window.lastStop = null; }")
    page.evaluate(STOPS)
    found = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None or (stop["seen"] and not stop["stayed"]):
            break
        # In a table that is edited like a spreadsheet, Tab goes from cell to cell before it leaves.
        if not stop["stayed"]:
            found.append(stop)
    return found, page.evaluate(UNSEEN)
