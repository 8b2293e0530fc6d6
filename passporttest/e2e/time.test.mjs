// How long a cheap phone waits: the page is opened again from its cache while
// the processor is throttled six times. What comes out is told, and stands in
// docs/benchmarks.md; a busy machine fails nothing here.
import assert from 'node:assert/strict';
import test, {after, before} from 'node:test';
import {launch, phone, slow} from './browser.mjs';
import {openVerify} from './hands.mjs';
import {close, filmed, issue, newWorld, openService, printed, verifyPage} from './world.mjs';

let world, browser, context;
before(async () => {
  world = await newWorld();
  const {video} = filmed(world, printed(world, issue(world).number));
  await openService(world);
  browser = await launch(world.street, {video});
  context = await phone(browser, {permissions: ['camera']});
  const page = await context.newPage();
  await openVerify(page);
  await page.close();
});
after(async () => {
  await browser?.close();
  await close(world);
});

const middle = numbers => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

// clock is the person and the stopwatch, inside of the page: it presses "scan" on
// the first screen and notes when each thing first held. From outside the asking
// alone would cost a throttled page some of its time, and what a verdict takes
// away again, as the camera, could be gone before anybody asked.
const clock = page => page.addInitScript(() => {
  const noted = globalThis.noted = {};
  const note = name => { noted[name] ??= performance.now(); };
  const look = () => {
    const {on} = document.documentElement?.dataset ?? {};
    if(on === 'start' && !noted.start) {
      note('start');
      requestAnimationFrame(() => setTimeout(() => document.querySelector('#scan').click()));
    }
    if(document.querySelector('#trust')?.textContent.trim()) note('trust');
    if(on === 'answer' && !noted.judged) {
      note('judged');
      console.info('judged');
    }
  };
  new MutationObserver(look).observe(document, {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['data-on']});
  document.addEventListener('loadeddata', event => event.target.id === 'video' && note('camera'), true);
});

test('opened again from its cache, six times slower', async t => {
  const rounds = [];
  for(let round = 0; round < 5; round++) {
    const page = await context.newPage();
    await clock(page);
    await slow(page, 6);
    const judgedIt = page.waitForEvent('console', message => message.text() === 'judged');
    await page.goto(verifyPage, {waitUntil: 'commit'});
    await judgedIt;
    const {trust, camera, judged} = await page.evaluate(() => globalThis.noted);
    const first = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
    rounds.push({first, ready: Math.max(trust, camera), judged});
    await page.close();
  }
  const told = Object.fromEntries(Object.keys(rounds[0]).map(name => [name, Math.round(middle(rounds.map(r => r[name])))]));
  t.diagnostic(`first screen ${told.first} ms (goal 500), ready to judge with the camera running ${told.ready} ms (goal 2500), verdict of the paper before it ${told.judged} ms`);
  assert.ok(Object.values(told).every(Number.isFinite), `a moment was never noted: ${JSON.stringify(rounds)}`);
});
