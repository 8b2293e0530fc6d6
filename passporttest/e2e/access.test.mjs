// Everybody can use every screen: axe-core finds nothing in any language, narrow
// windows and large letters hold it, thumbs hit it, the keys reach all of it, and
// it can be read where the system chooses the colours.
import assert from 'node:assert/strict';
import test, {after, before, describe} from 'node:test';
import {byKeys, cramped, judge, narrow} from './access.mjs';
import {launch, phone} from './browser.mjs';
import {answer, openVerify, shown, speak} from './hands.mjs';
import {close, filmed, issue, newWorld, openService, printed, walletPage} from './world.mjs';
import {walkVerify, walkWallet} from './walk.mjs';

const languages = ['en', 'it', 'es', 'el', 'pl', 'fr', 'sl', 'ro', 'sq', 'uk', 'ar'];
// street opens a world with a browser whose camera is too far away to read.
async function street() {
  const world = await newWorld(), amina = issue(world);
  const {video} = filmed(world, printed(world, amina.number), {frames: 1, zoom: 0.3});
  await openService(world);
  const browser = await launch(world.street, {video});
  const end = async () => {
    await browser.close();
    await close(world);
  };
  return {world, amina, browser, end, device: async () => (await phone(browser, {size: {width: 320, height: 640}, permissions: ['camera']})).newPage()};
}

// look judges a screen in every language, and gathers what is wrong with it.
const look = faults => async (page, screen) => {
  const note = (what, found) => found.length && faults.push(`${screen}: ${what}: ${[found].flat().join(' | ')}`);
  for(const lang of languages) {
    await speak(page, lang);
    await judge(page, `${screen} in ${lang}`, {colours: lang === 'en'}).catch(error => note(`axe, ${lang}`, error.actual ?? error.message));
    note(`wider than 320 pixels, ${lang}`, await narrow(page));
    assert.equal(await page.evaluate(() => document.documentElement.dir), lang === 'ar' ? 'rtl' : 'ltr');
  }
  await speak(page, 'en');
  note('smaller than 44 pixels', await cramped(page));
  await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
  note('200 % of the text', await narrow(page));
  await page.evaluate(() => { document.documentElement.style.fontSize = ''; });
  for(const wish of [{colorScheme: 'dark'}, {contrast: 'more'}]) {
    await page.emulateMedia({colorScheme: null, contrast: null, ...wish});
    await judge(page, screen).catch(error => note(`axe, ${JSON.stringify(wish)}`, error.actual ?? error.message));
  }
  // Where the system chooses the colours, edges must say what fills said.
  await page.emulateMedia({colorScheme: null, contrast: null, forcedColors: 'active'});
  note('no edge in forced colours', await page.evaluate(() => [...document.querySelectorAll('button:not(.bare):not(.plain), .banner, .badge')]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().width > 1 && getComputedStyle(e).borderTopWidth === '0px').map(e => e.className || e.id)));
  await page.emulateMedia({forcedColors: null});
};

describe('every screen, for everybody', {concurrency: 2}, () => {
  for(const [whose, walk] of [['an employer', walkVerify], ['a jobseeker', walkWallet]]) {
    test(`of ${whose}`, async () => {
      const {world, device, end} = await street();
      const faults = [];
      try {
        await walk(world, device, look(faults));
      } finally {
        await end();
      }
      assert.deepEqual(faults, []);
    });
  }
});

describe('without a mouse', () => {
  let amina, browser, end;
  before(async () => ({amina, browser, end} = await street()));
  after(() => end?.());

  test('an employer needs no mouse', async () => {
    const page = await (await phone(browser, {hasTouch: false, size: {width: 1000, height: 700}})).newPage();
    await openVerify(page, {kept: false});
    await byKeys(page, '#write');
    await page.keyboard.press('Enter');
    await shown(page, 'write');
    await byKeys(page, '#text');
    await page.keyboard.insertText(amina.token);
    await byKeys(page, '#typed [type=submit]');
    await page.keyboard.press('Enter');
    assert.equal((await answer(page)).colour, 'green');
    assert.ok(await page.evaluate(() => document.activeElement.closest('[data-screen=answer]')), 'the focus goes to the answer');
    await byKeys(page, '#again');
    await page.context().close();
  });

  test('a jobseeker needs no mouse', async () => {
    const page = await (await phone(browser, {hasTouch: false, size: {width: 1000, height: 700}})).newPage();
    await page.goto(walletPage);
    await shown(page, 'welcome');
    await byKeys(page, '[data-do="tongue"][lang="en"]');
    await page.keyboard.press('Enter');
    await shown(page, 'start');
    await byKeys(page, '[data-do="make"]');
    await page.keyboard.press('Enter');
    await shown(page, 'words');
    await byKeys(page, '[data-do="go:nowords"]');
    await page.keyboard.press('Enter');
    await shown(page, 'nowords');
    await byKeys(page, '[data-do="without"]');
    await page.keyboard.press('Enter');
    await shown(page, 'home');
    await byKeys(page, '[data-do="go:add"]');
    await page.keyboard.press('Enter');
    await shown(page, 'add');
    await byKeys(page, '[data-do="go:paste"]');
    await page.context().close();
  });

  test('who does not like motion sees none', async () => {
    const page = await (await phone(browser, {reducedMotion: 'reduce'})).newPage();
    await openVerify(page, {kept: false});
    const moving = await page.evaluate(() => document.getAnimations().filter(a => a.playState === 'running' && a.effect.getComputedTiming().duration > 10).length);
    assert.equal(moving, 0);
    await page.context().close();
  });
});
