// Who changes the language while something is being said, hears the rest of it in
// the new one.
import assert from 'node:assert/strict';
import test, {after, before} from 'node:test';
import {launch, phone} from './browser.mjs';
import {openVerify, shown} from './hands.mjs';
import {close, newWorld, openService} from './world.mjs';

let world, browser, page;
before(async () => {
  world = await newWorld();
  await openService(world);
  browser = await launch(world.street);
  page = await (await phone(browser)).newPage();
  await openVerify(page, {kept: false});
});
after(async () => {
  await browser?.close();
  await close(world);
});

const speak = async lang => {
  await page.locator('select[data-languages]').selectOption(lang);
  await page.waitForFunction(code => document.documentElement.lang === code, lang);
};

test('what is wrong with a pasted text is said in the language that is chosen then', async () => {
  const wrong = page.locator('#textwrong');
  await page.locator('#write').click();
  for(const [text, english, italian] of [
    ['Call me on Monday.', /There is no code/, /Qui non c’è un codice/], ['MC-PZ-2026-0042', /is the document number/, /è il numero del documento/], ['', /The field is empty/, /Il campo è vuoto/]
  ]) {
    await shown(page, 'write');
    await page.locator('#text').fill(text);
    await page.locator('#typed [type=submit]').click();
    await wrong.filter({hasText: english}).waitFor();
    await page.locator('select[data-languages]').focus();
    await speak('it');
    await wrong.filter({hasText: italian}).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'tongue', 'whoever chooses a language stays there');
    await speak('en');
    await wrong.filter({hasText: english}).waitFor();
  }
});

test('why the camera does not start is said in the language that is chosen then', async () => {
  await page.locator('.brand').click();
  await page.locator('#scan').click();
  await shown(page, 'camera');
  await page.locator('#blocked').getByText(/camera/).waitFor();
  await speak('it');
  await page.locator('#blocked').getByText(/fotocamera/).waitFor();
  assert.equal(await page.locator('#blocked [data-do=scan]').innerText(), 'Riprova');
});
