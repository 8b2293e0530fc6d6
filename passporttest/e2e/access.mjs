// What everybody needs of a screen: a machine reads it (axe), a thumb hits it,
// it fits a narrow window and large letters, and the keys reach all of it.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

// judge runs axe-core with the rules of WCAG 2.2 A and AA on what is shown. Colours
// are the same in every language, and looking at them takes longest: colours
// false leaves them out.
// The policy of the pages lets no strange script in, so it comes through the
// browser's own door.
export async function judge(page, screen, {colours = true} = {}) {
  if(!await page.evaluate(() => 'axe' in window)) await page.evaluate(await source());
  const {violations} = await page.evaluate(enabled => window.axe.run(document, {
    resultTypes: ['violations'], preload: false, rules: {'color-contrast': {enabled}},
    runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}
  }), colours);
  assert.deepEqual(violations.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ')).join(', ')}`), [], `axe on ${screen}`);
}

let text;
async function source() {
  const {readFile} = await import('node:fs/promises');
  return text ??= await readFile(axe, 'utf8');
}

// narrow tells what sticks out of the window to the side.
export const narrow = page => page.evaluate(() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if(wide <= 0) return [];
  const out = [...document.querySelectorAll('body *')].filter(e => {
    const {right, left, width} = e.getBoundingClientRect();
    return width > 0 && (right > innerWidth + 1 || left < -1);
  });
  return out.slice(0, 5).map(e => `${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''}.${e.className}`);
});

// cramped tells which targets are lower or narrower than 44 pixels. Links inside
// a sentence are text (WCAG 2.2, 2.5.8, exception "inline").
export const cramped = page => page.evaluate(() => {
  const inline = e => e.tagName === 'A' && getComputedStyle(e).display === 'inline';
  const target = e => e.matches('input[type=checkbox], input[type=radio]') ? e.closest('label') ?? e : e;
  return [...document.querySelectorAll('button, a[href], input, select, textarea, summary, [role=button]')].filter(e => {
    const box = target(e).getBoundingClientRect();
    return e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && box.width > 1 && !inline(e) && !e.matches('.visually-hidden, .visually-hidden *') && (box.height < 43.5 || box.width < 43.5);
  }).map(e => `${e.tagName.toLowerCase()}#${e.id} ${e.textContent.trim().slice(0, 30)} ${Math.round(target(e).getBoundingClientRect().width)}×${Math.round(target(e).getBoundingClientRect().height)}`);
});

// byKeys walks with Tab until an element has the focus, and returns how many
// steps it took. It fails where the walk does not get there, or where the focus
// cannot be seen.
export async function byKeys(page, selector, most = 60) {
  for(let steps = 0; steps <= most; steps++) {
    const there = await page.evaluate(s => {
      const e = document.activeElement;
      if(!e?.matches(s)) return undefined;
      const ring = getComputedStyle(e.matches('input[type=file]') && e.labels?.[0] || e.closest('.pick') || e);
      return {seen: ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 2 || ring.boxShadow !== 'none'};
    }, selector);
    if(there) {
      assert.ok(there.seen, `the focus shows on ${selector}`);
      return steps;
    }
    await page.keyboard.press('Tab');
  }
  assert.fail(`the keys do not reach ${selector}`);
}
