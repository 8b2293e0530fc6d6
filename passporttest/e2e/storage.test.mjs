// What a browser does to what a page keeps: it empties it, has no room, keeps
// nothing at all, opens the page twice, and brings the worker of an older release.
import assert from 'node:assert/strict';
import test, {after, before} from 'node:test';
import {launch, phone} from './browser.mjs';
import {aNewWallet, answer, isKept, openVerify, press, shown, take, type} from './hands.mjs';
import {base, close, issue, link, newWorld, offer, openService, verifyPage, walletPage} from './world.mjs';

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
const device = async () => {
  const context = await phone(browser);
  const page = await context.newPage();
  return {context, page, chromium: await context.newCDPSession(page)};
};

test('threat K09: evicted storage is noticed, and a page without a bundle never says valid', async () => {
  const {context, page, chromium} = await device();
  await openVerify(page);
  assert.equal((await type(page, amina.token)).colour, 'green');
  // The browser takes the database away and leaves the small mark beside it.
  await chromium.send('Storage.clearDataForOrigin', {origin: base, storageTypes: 'indexeddb'});
  await page.reload();
  await shown(page, 'start');
  await page.locator('#notices').filter({hasText: /\w/}).waitFor();
  assert.equal((await type(page, amina.token)).colour, 'green', 'the bundle that came with the page, which is of today');
  // Everything is gone and there is no network: no page at all, so no answer.
  await chromium.send('Storage.clearDataForOrigin', {origin: base, storageTypes: 'all'});
  await context.setOffline(true);
  await assert.rejects(page.goto(verifyPage));
  await context.close();
});

test('threat K09: a browser that keeps nothing still judges, and says that it keeps nothing', async () => {
  const {context, page} = await device();
  await page.addInitScript(() => {
    const no = () => { throw new DOMException('private mode', 'SecurityError'); };
    IDBFactory.prototype.open = no;
    Storage.prototype.setItem = no;
    Storage.prototype.getItem = no;
    CacheStorage.prototype.open = async () => no();
  });
  await openVerify(page, {kept: false});
  await page.locator('#notices').filter({hasText: /\w/}).waitFor();
  assert.equal((await type(page, amina.token)).colour, 'green');
  await context.close();
});

test('threat K09: a full disk loses no document, and the wallet of a private window says that it keeps nothing', async () => {
  const {context, page, chromium} = await device();
  await aNewWallet(page);
  await take(page, offer(world));
  const {usage} = await page.evaluate(() => navigator.storage.estimate());
  await chromium.send('Storage.overrideQuotaForOrigin', {origin: base, quotaSize: Math.max(1, usage - 1)});
  const made = offer(world);
  await press(page, 'go:add');
  await press(page, 'go:paste');
  await page.locator('textarea[name=text]').fill(made.link);
  await page.locator('form[data-do=pasted] .primary').click();
  await press(page, 'trust');
  await shown(page, 'offer');
  await page.locator('form[data-do=take] .primary').click();
  await page.waitForFunction(() => document.documentElement.dataset.on === 'got' || document.querySelector('#trouble').textContent.trim());
  await chromium.send('Storage.overrideQuotaForOrigin', {origin: base});
  await page.reload();
  await shown(page, 'home');
  // Either the second one found room after all, or its offer is as good as before.
  if(await page.locator('.card').count() < 2) await take(page, made);
  assert.equal(await page.locator('.card').count(), 2, 'neither is lost');
  await context.close();

  const closed = await device();
  await closed.page.addInitScript(() => {
    IDBFactory.prototype.open = () => { throw new DOMException('private mode', 'SecurityError'); };
  });
  await closed.page.goto(walletPage);
  await shown(closed.page, 'nostore');
  await closed.context.close();
});

test('threat K10: of two tabs one has the wallet, and nothing is lost between them', async () => {
  const {context, page} = await device();
  await aNewWallet(page);
  const second = await context.newPage();
  await second.goto(walletPage);
  if(await shown(second, 'tabs', 'home') === 'tabs') {
    await press(second, 'steal');
    await shown(second, 'home');
  }
  await take(second, offer(world));
  await page.bringToFront();
  // The first tab has lost the wallet: Back, or a link with an offer, leads nowhere in it.
  await shown(page, 'tabs');
  await page.evaluate(link => { location.hash = `offer=${encodeURIComponent(link)}`; }, offer(world).link);
  await page.evaluate(() => new Promise(later => { addEventListener('popstate', () => setTimeout(later, 200), {once: true}); history.back(); }));
  assert.equal(await shown(page, 'tabs', 'host', 'home'), 'tabs');
  assert.equal(await page.locator('[data-do=steal]').count(), 1);
  // Taken back, it asks about that offer, which nobody has answered yet.
  await page.reload();
  await shown(page, 'tabs');
  await press(page, 'steal');
  await shown(page, 'host');
  await press(page, 'trust');
  await shown(page, 'offer');
  await page.locator('form[data-do=take] .primary').click();
  await shown(page, 'got');
  await page.reload();
  if(await shown(page, 'tabs', 'home') === 'tabs') await press(page, 'steal');
  await shown(page, 'home');
  assert.equal(await page.locator('.card').count(), 2, 'both documents are there');
  await context.close();
});

test('threat K11: the worker of an older release gives way, and takes its files and its scope along', async () => {
  const fresh = await device();
  await fresh.page.goto(verifyPage);
  const [now, shell] = await fresh.page.evaluate(() => Promise.all(['/verify/sw.js', '/verify'].map(place => fetch(place, {cache: 'no-store'}).then(r => r.text()))));
  await fresh.context.close();
  const {context, page} = await device();
  // The release before: the same files under another version, whose worker did
  // not answer at the short address.
  const [, version] = /"version":\s*"([^"]+)"/.exec(now);
  world.street.doors.set('passport.example/verify/sw.js', (_, response) => response.writeHead(200,
    {'content-type': 'text/javascript', 'service-worker-allowed': '/verify', 'cache-control': 'no-store'}).end(now.replace(version, 'anolderrelease')));
  world.street.doors.set('passport.example/verify', (_, response) => response.writeHead(200,
    {'content-type': 'text/html', 'cache-control': 'no-store'}).end(shell.replace(version, 'anolderrelease').replace('data-scope="../v"', 'data-scope="../verify"')));
  await openVerify(page);
  const caches = () => page.evaluate(async () => caches.keys());
  assert.ok((await caches()).some(name => name.includes('anolderrelease')));
  world.street.doors.clear();
  await page.reload();
  // Asked from here: a page that begins anew meanwhile cannot answer.
  const old = async () => (await caches().catch(() => ['anolderrelease'])).some(name => name.includes('anolderrelease'));
  for(let tries = 0; tries < 400 && await old(); tries++) await new Promise(later => setTimeout(later, 100));
  const current = async () => (await caches().catch(() => [])).some(name => name.includes(version));
  for(let tries = 0; tries < 400 && !await current(); tries++) await new Promise(later => setTimeout(later, 100));
  assert.ok(await current());
  const scopes = () => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map(r => new URL(r.scope).pathname)).catch(() => []);
  for(let tries = 0; tries < 400 && (await scopes()).join() !== '/v'; tries++) await new Promise(later => setTimeout(later, 100));
  assert.deepEqual(await scopes(), ['/v']);
  await page.reload();
  await shown(page, 'start');
  await isKept(page);
  await context.setOffline(true);
  await page.reload();
  assert.equal((await type(page, amina.token)).colour, 'green');
  await page.goto('about:blank');
  await page.goto(link(world, amina.file, `${base}/v`));
  assert.equal((await answer(page)).colour, 'green', 'and a printed code opens');
  await context.close();
});
