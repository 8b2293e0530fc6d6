// What comes late, or not at all, must never stand where the answer to something
// else is awaited.
import assert from 'node:assert/strict';
import test, {after, before} from 'node:test';
import {launch, phone, slowly} from './browser.mjs';
import {answer, isRenewed, openVerify, shown, type} from './hands.mjs';
import {bundle, close, issue, link, newWorld, offered, openService, verifyPage} from './world.mjs';

let world, amina, browser;
before(async () => {
  world = await newWorld();
  amina = issue(world);
  await openService(world);
  browser = await launch(world.street);
});
after(async () => {
  await browser?.close();
  await close(world);
});

test('a language that is chosen late brings no older answer over the next question', async () => {
  const context = await phone(browser);
  const page = await context.newPage();
  await slowly(page);
  await openVerify(page, {kept: false});
  assert.equal((await type(page, amina.token)).colour, 'green');
  await page.evaluate(() => { globalThis.late = 600; });
  await page.locator('select[data-languages]').selectOption('it');
  await page.waitForFunction(() => document.documentElement.lang === 'it');
  await page.waitForTimeout(700); // the trust is worded anew, the answer is not yet
  await page.locator('.brand').click();
  await page.locator('#write').click();
  await page.waitForTimeout(1500);
  assert.equal(await shown(page, 'write', 'answer'), 'write');
  await context.close();
});

test('who goes back while it checks is not shown the answer over what comes next', async () => {
  const context = await phone(browser);
  const page = await context.newPage();
  await slowly(page);
  await openVerify(page, {kept: false});
  await isRenewed(page);
  await page.evaluate(() => { globalThis.late = 5000; });
  await page.locator('#write').click();
  await page.locator('#text').fill(amina.token);
  await page.locator('#typed [type=submit]').click();
  await shown(page, 'wait');
  await page.goBack();
  await shown(page, 'write');
  await page.waitForTimeout(5500);
  assert.equal(await shown(page, 'write', 'answer'), 'write');
  await context.close();
});

test('the link that skips to the content is no code', async () => {
  const context = await phone(browser);
  const page = await context.newPage();
  await openVerify(page, {kept: false});
  await page.locator('.skip').evaluate(link => link.click());
  await page.goto(`${verifyPage}#main`);
  await page.waitForTimeout(600);
  assert.equal(await shown(page, 'start', 'wait', 'answer'), 'start');
  await context.close();
});

test('an engine that cannot be had is told, and nobody waits for ever', async () => {
  const context = await phone(browser, {serviceWorkers: 'block'});
  const page = await context.newPage();
  world.street.doors.set('passport.example/verify/passport.wasm.gz', (_, response) => response.writeHead(404).end());
  await openVerify(page, {kept: false});
  await page.waitForTimeout(500);
  await page.locator('#write').click();
  await page.locator('#text').fill(amina.token);
  await page.locator('#typed [type=submit]').click();
  await page.locator('#notices [data-notice=failed]').waitFor();
  assert.equal(await shown(page, 'start', 'answer'), 'start');
  world.street.doors.clear();
  await context.close();
});

test('threat K10: a network that tells late that the clock is wrong takes the green away', async t => {
  t.after(() => world.street.doors.clear());
  const context = await phone(browser, {serviceWorkers: 'block'});
  const page = await context.newPage();
  const bytes = bundle(world);
  offered(world, bytes);
  await openVerify(page, {kept: false});
  await isRenewed(page);
  let tell;
  world.street.doors.set('passport.example/verify/trust.bundle', (_, response) => {
    tell = () => response.writeHead(200, {'date': new Date(Date.now() + 3 * 3600e3).toUTCString(), 'cache-control': 'no-store'}).end(bytes);
  });
  await page.reload();
  assert.equal((await type(page, amina.token)).colour, 'green', 'nobody waits long for the network');
  tell();
  await page.locator('#news [data-notice=clock]').waitFor();
  assert.equal((await answer(page)).colour, 'grey');
  await context.close();
});

test('threat K11: a new release does not begin over a code that came by a link', async () => {
  const context = await phone(browser);
  const page = await context.newPage();
  await openVerify(page);
  await page.goto('about:blank');
  await slowly(page);
  await page.addInitScript(() => {
    globalThis.late = 1000;
    const plain = setTimeout;
    globalThis.setTimeout = (f, ms, ...more) => plain(f, ms === 250 ? 20_000 : ms, ...more); // the first moment, which has no screen of its own
  });
  await page.goto(link(world, amina.file));
  await page.evaluate(async () => {
    for(let tries = 0; tries < 15 && document.documentElement.dataset.on === 'start'; tries++) {
      navigator.serviceWorker.dispatchEvent(new Event('controllerchange'));
      await new Promise(later => setTimeout(later, 100));
    }
  });
  assert.equal((await answer(page)).colour, 'green');
  await context.close();
});
