// An employer drops a folder of five hundred files of all kinds.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test, {after, before} from 'node:test';
import {launch, phone, watch} from './browser.mjs';
import {openVerify, shown} from './hands.mjs';
import {close, newWorld, openService, pileUp} from './world.mjs';

let world, pile, browser;
before(async () => {
  world = await newWorld();
  pile = pileUp(world, 500);
  await openService(world);
  browser = await launch(world.street);
});
after(async () => {
  await browser?.close();
  await close(world);
});

test('a folder of 500 mixed files becomes a table and a CSV, and nothing is asked of anybody', async t => {
  const page = await (await phone(browser, {size: {width: 1100, height: 800}})).newPage();
  const seen = watch(page);
  await openVerify(page);
  let csv;
  const started = Date.now();
  const asked = await world.street.during(async () => {
    await page.locator('#dir').setInputFiles(pile.folder);
    await page.waitForFunction(() => document.documentElement.dataset.on === 'table', undefined, {timeout: 120_000});
    t.diagnostic(`500 files judged in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#csv').click()]);
    csv = readFileSync(await download.path(), 'utf8');
  });
  assert.deepEqual(asked, []);
  assert.deepEqual(seen.errors, []);
  const {made} = pile;
  const valid = made.tokens + made.texts + made.pictures + made.papers;
  const rows = csv.replace(/^\ufeff/, '').trim().split(/\r?\n/);
  assert.equal(rows.length - 1, 500, 'a line for each file');
  assert.equal(rows.filter(row => /valid/i.test(row) && !/invalid/i.test(row)).length, valid);
  for(const text of ['Diallo', 'notes.txt', 'broken.pdf']) assert.ok(csv.includes(text), text);
  assert.ok(await page.locator('#table tr').count() > 1);
  assert.ok(rows.every(row => !/^["']?[=+@]/.test(row)), 'no cell is a formula');
  assert.match(csv, /^\ufeffinput,verdict,/, 'an English spreadsheet opens it in columns');

  await page.locator('select[data-languages]').selectOption('it');
  await page.locator('#table').getByText(/^Documenti controllati/).waitFor({timeout: 120_000});
  const [sheet] = await Promise.all([page.waitForEvent('download'), page.locator('#csv').click()]);
  assert.match(readFileSync(await sheet.path(), 'utf8'), /^\ufeffinput;verdict;/, 'and an Italian one');
});
