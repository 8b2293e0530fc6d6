// A wallet without a mouse: every step by Tab, Enter, Space and the arrows, with the
// focus in sight and on the heading of what comes next. And what hurried or slow hands
// do: press twice, press while it works, mistype.
import assert from 'node:assert/strict';
import test, {after, before} from 'node:test';
import {byKeys} from './access.mjs';
import {launch, phone, slowly} from './browser.mjs';
import {aNewWallet, press, shown, take} from './hands.mjs';
import {close, newWorld, offer, openService, walletPage} from './world.mjs';

let world, browser;
before(async () => {
  world = await newWorld();
  await openService(world);
  browser = await launch(world.street);
});
after(async () => {
  await browser?.close();
  await close(world);
});

// hand is somebody at the keys of a page; printed counts what was sent to a printer.
async function hand(size = {width: 1000, height: 700}) {
  const page = await (await phone(browser, {hasTouch: false, size})).newPage();
  await page.addInitScript(() => { globalThis.printed = 0; globalThis.print = () => { globalThis.printed++; }; });
  // use reaches something, does it, and waits until the next screen has the focus.
  const use = async (selector, screen, key = 'Enter') => {
    await byKeys(page, selector);
    await page.keyboard.press(key);
    if(!screen) return;
    await shown(page, screen);
    await page.waitForFunction(() => document.activeElement?.matches('#screen h1'))
      .catch(() => assert.fail(`the focus is not on the heading of ${screen}`));
  };
  const write = async (selector, text) => {
    await byKeys(page, selector);
    await page.keyboard.insertText(text);
  };
  return {page, use, write};
}

test('receive, show, print, save and restore need no mouse', async () => {
  const {page, use, write} = await hand();
  await page.goto(walletPage);
  await shown(page, 'welcome');
  await use('[data-do=tongue][lang=en]', 'start');
  await use('[data-do=make]', 'words');
  const words = (await page.locator('ol.words li').allInnerTexts()).map(word => word.trim());
  await use('[data-do="go:check"]', 'check');
  const number = /\d+/.exec(await page.locator('#screen').innerText())[0];
  const tile = (await page.locator('[data-do=checked]').allInnerTexts()).findIndex(text => text.trim() === words[number - 1]);
  await use(`li:nth-child(${tile + 1}) > [data-do=checked]`, 'home', 'Space');

  const made = offer(world, '--tx-code');
  await use('[data-do="go:add"]', 'add');
  await use('[data-do="go:paste"]', 'paste');
  await write('textarea[name=text]', made.link);
  await use('form[data-do=pasted] .primary', 'host');
  await use('[data-do=trust]', 'offer');
  await write('input[name=code]', made.txCode === '000000' ? '111111' : '000000');
  await page.keyboard.press('Enter');
  await page.locator('#trouble').filter({hasText: /\w/}).waitFor();
  assert.ok(await page.evaluate(() => document.activeElement.matches('input[name=code]')), 'who mistyped stands where it is mended');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(made.txCode);
  await page.keyboard.press('Enter');
  await shown(page, 'got');
  await use('[data-do=home]', 'home');

  await use('[data-do="go:pick"]', 'pick');
  await byKeys(page, '.pick input');
  await page.keyboard.press('Space');
  assert.equal(await page.locator('.pick input').isChecked(), false, 'the only one was chosen already');
  await page.keyboard.press('Space');
  await use('form[data-do=picked] .primary', 'who');
  await use('[data-do="go:whom"]', 'whom');
  await write('input[name=audience]', 'Trattoria da Rosa');
  await page.keyboard.press('Enter');
  await shown(page, 'when');
  await use('li:nth-child(2) > [data-do^=timed]', 'code');
  await use('[data-do=print]');
  await page.waitForFunction(() => globalThis.printed === 1);
  await use('#back', 'when');
  await use('#menu', 'menu');
  await use('#screen [data-do=home]', 'home');

  await use('#menu', 'menu');
  await use('[data-do="go:backup"]', 'backup');
  await use('[data-do="go:say:file"]', 'say');
  await write('textarea[name=words]', words.join(' '));
  const [download] = await Promise.all([page.waitForEvent('download'), use('form[data-do=said] .primary', 'saved')]);
  const file = await download.path();
  await use('#menu', 'menu');
  await use('[data-do="go:settings"]', 'settings');
  await use('[data-do="go:wipe"]', 'wipe');
  await byKeys(page, 'input[name=sure]');
  await page.keyboard.press('Space');
  await byKeys(page, 'form[data-do=wipe] .primary');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /welcome|start/.test(document.documentElement.dataset.on));
  if(await shown(page, 'welcome', 'start') === 'welcome') await use('[data-do=tongue][lang=en]', 'start');
  await use('[data-do="go:restore"]', 'restore');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), use('[data-do=backupFile]')]);
  await chooser.setFiles(file);
  await shown(page, 'say');
  await write('textarea[name=words]', words.join(' '));
  await use('form[data-do=said] .primary', 'restored');
  await use('[data-do=home]', 'home');
  assert.equal(await page.locator('.card').count(), 1);
  await page.context().close();
});

test('a press while it works waits its turn, and two presses are one', async () => {
  const page = await (await phone(browser)).newPage();
  await slowly(page);
  await aNewWallet(page);
  await take(page, offer(world, '--tx-code'));
  await page.waitForTimeout(1000); // what goes on at first has ended
  await page.evaluate(() => { globalThis.late = 700; });
  await press(page, 'go:pick');
  await page.evaluate(() => { dispatchEvent(new Event('online')); }); // the documents are drawn anew
  await shown(page, 'pick');
  await page.waitForTimeout(1500);
  assert.equal(await shown(page, 'pick', 'home'), 'pick', 'what is drawn anew stays where it was asked for');
  await page.goBack();
  await shown(page, 'home');
  await page.evaluate(() => {
    const add = document.querySelector('[data-do="go:add"]'), menu = document.querySelector('#menu');
    globalThis.states = [];
    const push = history.pushState;
    history.pushState = function(state, ...rest) { globalThis.states.push(state.name); return push.call(this, state, ...rest); };
    menu.dispatchEvent(new MouseEvent('click', {bubbles: true}));
    add.dispatchEvent(new MouseEvent('click', {bubbles: true}));
    menu.dispatchEvent(new MouseEvent('click', {bubbles: true}));
  });
  await shown(page, 'menu');
  await press(page, 'go:history');
  await page.evaluate(() => document.querySelector('#back').click());
  assert.equal(await page.locator('[data-do="go:history"]').getAttribute('aria-busy'), 'true', 'what is pressed says so');
  await page.waitForFunction(() => globalThis.states.includes('history')); // it may be up for one frame only
  await shown(page, 'menu');
  assert.deepEqual(await page.evaluate(() => globalThis.states), ['menu', 'history']);
  await page.context().close();
});

test('words come in the language of the person first, digits last, and mistakes go when they are mended', async () => {
  const page = await (await phone(browser, {locale: 'it-IT'})).newPage();
  await page.goto(walletPage);
  await shown(page, 'welcome', 'start');
  await page.locator('[data-do=tongue][lang=it]').click();
  await shown(page, 'start');
  await press(page, 'make');
  await shown(page, 'words');
  const others = async () => (await page.locator('[data-do=wordsOf]').allInnerTexts()).map(text => text.trim());
  assert.deepEqual(await others(), ['Parole inglesi', 'Parole spagnole', 'Solo numeri']);
  await page.locator('[data-do=wordsOf]').last().click();
  await page.getByText('Parole italiane').waitFor();
  assert.deepEqual(await others(), ['Parole italiane', 'Parole inglesi', 'Parole spagnole']);
  const groups = (await page.locator('ol.words li').allInnerTexts()).map(text => text.trim());
  assert.ok(groups.length === 8 && groups.every(text => /^\d{3}$/.test(text)));
  await press(page, 'go:check');
  const number = /\d+/.exec(await page.locator('#screen').innerText())[0];
  await page.locator('[data-do=checked]', {hasText: groups[number - 1]}).first().click();
  await shown(page, 'home');

  await page.locator('#menu').click();
  await press(page, 'go:backup');
  await press(page, 'go:say:file');
  const field = page.locator('textarea[name=words]'), hears = text => page.locator('#typed').filter({hasText: text}).waitFor();
  await field.pressSequentially(`${groups.slice(0, 2).join(' ')} 12`);
  await hears('Gruppi di tre cifre che mancano ancora: 6');
  await field.fill('abaco abete ab');
  await hears('Parole che mancano ancora');
  assert.doesNotMatch(await page.locator('#typed').innerText(), /non è giusta/, 'a word that is being typed is not wrong');
  await field.fill([...groups].reverse().join(' '));
  await page.locator('form[data-do=said] .primary').click();
  await page.locator('#trouble').filter({hasText: /\w/}).waitFor();
  assert.match(await field.inputValue(), /\d{3}/);
  await field.fill(groups.join(' '));
  await hears('È completo');
  assert.equal((await page.locator('#trouble').innerText()).trim(), '', 'the old mistake is gone');
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('form[data-do=said] .primary').click()]);
  assert.ok(await download.path());
  await page.context().close();
});
