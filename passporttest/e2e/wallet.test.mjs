// A jobseeker's phone: receive, show, back up, lose everything, restore, show
// again; and take a document of a body that does not use Passport.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import test, {after, before} from 'node:test';
import {launch, phone, watch} from './browser.mjs';
import {aNewWallet, backUp, bring, home, isKept, isRenewed, openVerify, press, restore, show, shown, speak, take, wipe} from './hands.mjs';
import {didDocument, listFile, openSchool, statusList} from './independent.mjs';
import {binary, learnerOf} from './program.mjs';
import {bundle, close, issue, newWorld, offer, offered, openService, walletPage} from './world.mjs';

let world, browser, context, page, seen, words, desk, school;
before(async () => {
  world = await newWorld();
  school = openSchool();
  await openService(world);
  world.street.houses[school.host] = school.answer;
  browser = await launch(world.street);
  context = await phone(browser, {permissions: ['clipboard-read', 'clipboard-write']});
  page = await context.newPage();
  seen = watch(page);
  desk = await (await phone(browser)).newPage(); // an employer's
  await openVerify(desk);
});
after(async () => {
  await browser?.close();
  await close(world);
});

// judge gives a picture of a screen to the employer, who asks nobody.
async function judge(picture) {
  let verdict;
  const asked = await world.street.during(async () => {
    verdict = await bring(desk, {name: 'screen.png', mimeType: 'image/png', buffer: picture});
  });
  assert.deepEqual(asked, []);
  return verdict;
}

test('a wallet is made, and its key cannot be taken out', async () => {
  words = await aNewWallet(page);
  assert.equal(words.length, 8);
  const keys = await page.evaluate(async () => {
    const found = [];
    for(const {name} of await indexedDB.databases()) {
      const db = await new Promise((done, failed) => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); r.onerror = () => failed(r.error); });
      for(const store of db.objectStoreNames) {
        const all = await new Promise(done => { db.transaction(store).objectStore(store).getAll().onsuccess = e => done(e.target.result); });
        const dig = value => {
          if(value instanceof CryptoKey) found.push([value.type, value.extractable]);
          else if(value && typeof value === 'object' && !ArrayBuffer.isView(value)) Object.values(value).forEach(dig);
        };
        all.forEach(dig);
      }
      db.close();
    }
    return found;
  });
  assert.ok(keys.some(([type]) => type === 'private'));
  assert.ok(keys.every(([type, extractable]) => type !== 'private' || !extractable), 'the private key is not extractable');
});

test('it receives from the service with the code that came another way', async () => {
  const made = offer(world, '--tx-code');
  const {host, got} = await take(page, made);
  assert.equal(host, 'passport.example');
  assert.match(got, /Igiene degli alimenti/);
  assert.equal(await page.locator('.card').count(), 1);
  const listed = world.home.lines('offer', 'list').find(one => one.id === made.id);
  assert.equal(listed.state, 'redeemed');
  assert.deepEqual(seen.errors, []);
});

test('a wrong code takes nothing, and the right one still does', async () => {
  const made = offer(world, '--tx-code');
  await home(page);
  await press(page, 'go:add');
  await press(page, 'go:paste');
  await page.locator('textarea[name=text]').fill(made.link);
  await page.locator('form[data-do=pasted] .primary').click();
  await press(page, 'trust');
  await page.locator('input[name=code]').fill(made.txCode === '000000' ? '111111' : '000000');
  await page.locator('form[data-do=take] .primary').click();
  await page.locator('#trouble').filter({hasText: /\w/}).waitFor();
  assert.match(await page.locator('#trouble').innerText(), /run out\.\s+Check/, 'two sentences');
  await page.evaluate(() => {
    globalThis.above = [];
    new MutationObserver(() => document.documentElement.dataset.on === 'busy' && globalThis.above.push(document.querySelector('#trouble').innerText))
      .observe(document.documentElement, {attributeFilter: ['data-on']});
  });
  await page.locator('input[name=code]').fill(made.txCode);
  await page.locator('form[data-do=take] .primary').click();
  await shown(page, 'got');
  assert.deepEqual(await page.evaluate(() => globalThis.above), [''], 'what was refused before does not stand above what goes on');
  await home(page);
  assert.equal(await page.locator('.card').count(), 2);

  // The same link again: it was used, which the service says, and is not asked about for ever.
  await press(page, 'go:add');
  await press(page, 'go:paste');
  await page.locator('textarea[name=text]').fill(made.link);
  await page.locator('form[data-do=pasted] .primary').click();
  await press(page, 'trust');
  await page.locator('#trouble').filter({hasText: 'was used or has run out'}).waitFor();
  assert.equal(await shown(page, 'home'), 'home');
  assert.equal(await page.locator('[data-do="go:host"]').count(), 0);
});

test('a language is chosen in a wallet that is there', async () => {
  await home(page);
  for(const [lang, title] of [['el', /Τα έγγραφά μου/], ['ar', /وثائقي/], ['en', /My documents/]]) {
    await page.locator('#menu').click();
    await press(page, 'go:settings');
    await press(page, 'go:welcome');
    await page.locator(`[data-do=tongue][lang=${lang}]`).click();
    await page.locator('h1').filter({hasText: title}).waitFor();
  }
});

test('the page of an offer opens the wallet of this browser, which asks first', async () => {
  const {page: claim, txCode} = offer(world, '--tx-code');
  await page.goto(claim);
  const asked = await world.street.during(async () => {
    await page.locator('a.open').click();
    await shown(page, 'host');
  });
  assert.deepEqual(asked.filter(line => /oid4vci|credential|token/.test(line)), [], 'nobody is asked before the person agrees');
  assert.equal((await page.locator('.host').innerText()).trim(), 'passport.example');
  assert.ok(!page.url().includes('#'), 'the offer does not stay in the address');
  await press(page, 'trust');
  await shown(page, 'offer');
  await page.locator('input[name=code]').fill(txCode);
  await page.locator('form[data-do=take] .primary').click();
  await shown(page, 'got');
  await press(page, 'home');
  await shown(page, 'home');
  assert.equal(await page.locator('.card').count(), 3);
  await page.locator('.card').first().click();
  await shown(page, 'one');
  assert.match(await page.locator('#screen').innerText(), /Micro-credential certificate/, 'the kind has a name');
  assert.doesNotMatch(await page.locator('#screen').innerText(), /MicroCredential/);
  await press(page, 'go:remove');
  await press(page, 'remove');
  await shown(page, 'home');
});

test('a pasted text that is nothing is told in one sentence, with what to do', async () => {
  await home(page);
  await press(page, 'go:add');
  await press(page, 'go:paste');
  for(const text of ['Call me on Monday.', 'https://comune.example/avvisi#312', '   ']) {
    await page.locator('textarea[name=text]').fill(text);
    await page.locator('form[data-do=pasted] .primary').click();
    await page.locator('#trouble').filter({hasText: 'neither a document nor an invitation'}).waitFor();
    assert.match(await page.locator('#trouble').innerText(), /copy the whole link/);
    assert.equal(await shown(page, 'paste', 'say'), 'paste');
    assert.equal(await page.locator('textarea[name=text]').inputValue(), text);
  }
});

test('it shows the documents, and the page of an employer believes them', async () => {
  const verdict = await judge(await show(page));
  assert.equal(verdict.colour, 'green', verdict.text);
  assert.ok(verdict.codes.includes('holder_live'), verdict.codes.join());
});

test('with no network at all it shows them too', async () => {
  await isKept(page);
  await context.setOffline(true);
  await page.close();
  page = await context.newPage();
  const picture = await show(page);
  await context.setOffline(false);
  assert.equal((await judge(picture)).colour, 'green');
});

test('it says afterwards what was shown to whom', async () => {
  await show(page, {audience: 'Trattoria da Rosa'});
  await home(page);
  await page.locator('#menu').click();
  await press(page, 'go:history');
  await page.getByText('Trattoria da Rosa').first().waitFor();
});

test('a PDF that the browser makes of it, by its menu too, is read, though it would draw lines in place of codes', async () => {
  await show(page, {audience: 'Albergo Faro'});
  const buffer = await page.pdf({preferCSSPageSize: true});
  const verdict = await bring(desk, {name: 'wallet.pdf', mimeType: 'application/pdf', buffer});
  assert.equal(verdict.colour, 'green', verdict.text);
});

// showings counts what the history has of somebody.
async function showings(who) {
  await page.locator('#menu').click();
  await press(page, 'go:history');
  await shown(page, 'history');
  const all = await page.locator('.barelist > li').allInnerTexts();
  await page.goBack();
  await shown(page, 'menu');
  return all.filter(line => line.includes(who)).length;
}

test('what is shown is signed once, however often it is drawn', async () => {
  await show(page, {audience: 'Hotel Sole'});
  const code = () => page.locator('#qr').getAttribute('src');
  const first = await code();
  await speak(page, 'it');
  assert.match(await page.locator('#screen').innerText(), /Vale fino a/);
  assert.equal(await code(), first, 'another language');
  await page.goBack();
  await shown(page, 'when');
  await page.goForward();
  await shown(page, 'code');
  assert.equal(await code(), first, 'back and forward');
  await speak(page, 'en');
  assert.match(await page.locator('#screen').innerText(), /Good until/);
  assert.equal(await showings('Hotel Sole'), 1);

  await show(page, {audience: 'Bar Luna'});
  await page.evaluate(() => { globalThis.now = Date.now; Date.now = () => globalThis.now() + 2 * 86400e3; });
  await page.locator('[data-do=renew]').waitFor();
  await page.goBack();
  await shown(page, 'when');
  await page.goForward();
  await shown(page, 'code');
  await page.locator('[data-do=renew]').waitFor();
  assert.ok(!await page.locator('#qr').isVisible(), 'one that is over is not shown');
  await page.evaluate(() => { Date.now = globalThis.now; });
  const old = await code();
  await press(page, 'renew');
  await page.locator('#qr').waitFor();
  assert.notEqual(await code(), old);
  assert.equal(await showings('Bar Luna'), 2);
});

test('who prints for two people gets a sheet for each', async () => {
  const abdullah = issue(world, {...learnerOf('02-abdullah'), documentNumber: 'MC-PZ-2026-0777'});
  await home(page);
  await press(page, 'go:add');
  await press(page, 'go:paste');
  await page.locator('textarea[name=text]').fill(abdullah.token);
  await page.locator('form[data-do=pasted] .primary').click();
  await shown(page, 'got');
  await home(page);
  await press(page, 'go:pick');
  await shown(page, 'pick');
  for(const box of await page.locator('.pick input:enabled').all()) await box.check();
  await page.locator('form[data-do=picked] .primary').click();
  await press(page, 'go:whom:paper');
  await page.locator('input[name=audience]').fill('Cooperativa Alba');
  await page.locator('form[data-do=named] .primary').click();
  await page.locator('[data-do^=timed]').first().click();
  await shown(page, 'code');
  const pdf = world.home.path('sheets.pdf');
  writeFileSync(pdf, await page.pdf({preferCSSPageSize: true}));
  const pages = execFileSync('pdftotext', ['-layout', pdf, '-'], {encoding: 'utf8'}).split('\f').filter(text => text.trim());
  const names = pages.map(text => ['Amina Diallo', 'Abdullah'].filter(name => text.includes(name)));
  assert.deepEqual(names.sort(), [['Abdullah'], ['Amina Diallo']], pages.join('\n----\n'));
  await home(page);
  await page.locator('.card', {hasText: 'Abdullah'}).click();
  await press(page, 'go:remove');
  await press(page, 'remove');
  await shown(page, 'home');
});

let file;
test('it is backed up, wiped, restored with the words, and shows again', async () => {
  file = await backUp(page, words);
  await wipe(page);
  await page.reload();
  await shown(page, 'welcome', 'start');
  await restore(page, file, words);
  assert.equal(await page.locator('.card').count(), 2);
  assert.equal((await judge(await show(page))).colour, 'green');
});

test('another phone restores it too, and wrong words do not', async () => {
  const other = await (await phone(browser)).newPage();
  await other.goto(walletPage);
  await shown(other, 'welcome');
  await other.locator('[data-do="tongue"][lang="en"]').click();
  await press(other, 'go:restore');
  const [chooser] = await Promise.all([other.waitForEvent('filechooser'), press(other, 'backupFile')]);
  await chooser.setFiles(file);
  await shown(other, 'say');
  await other.locator('textarea[name=words]').fill([...words].reverse().join(' '));
  await other.locator('form[data-do=said] .primary').click();
  await other.locator('#trouble').filter({hasText: /\w/}).waitFor();
  await restore(other, file, words);
  assert.equal(await other.locator('.card').count(), 2);
  await other.context().close();
});

test('the command line opens the same backup', () => {
  const wallet = world.home.path('restored.age'), secret = world.home.path('words');
  writeFileSync(secret, words.join(' '), {mode: 0o600});
  const args = ['--wallet', wallet, '--passphrase-file', secret];
  execFileSync(binary, [...args, 'wallet', 'restore', file], {stdio: ['ignore', 'pipe', 'pipe']});
  const listed = execFileSync(binary, [...args, 'wallet', 'list', '--json'], {encoding: 'utf8'}).trim().split('\n');
  assert.equal(listed.length, 2);
});

test('it receives from a body that does not use Passport', async () => {
  writeFileSync(world.home.path('did.json'), JSON.stringify(didDocument));
  world.home('trust', 'recognise', world.home.path('did.json'), '--schema', 'MicroCredential', '--name', 'Scuola Serale', '--country', 'IT');
  mkdirSync(dirname(world.home.path('lists', listFile)), {recursive: true});
  writeFileSync(world.home.path('lists', listFile), await statusList());
  const {host, got} = await take(page, await school.offer());
  assert.equal(host, 'scuola.example');
  assert.match(got, /Igiene/);
  assert.equal(school.handed.length, 1);
  offered(world, bundle(world, '--lists', world.home.path('lists')));
  await desk.reload();
  await shown(desk, 'start');
  await isRenewed(desk);
  const verdict = await judge(await show(page));
  assert.equal(verdict.colour, 'green', verdict.text);
  world.street.doors.clear();
});

test('the phone is lost: an officer who has seen who it is reissues to the new one, and the old copies are revoked', async () => {
  const lost = await show(page);
  const [held] = world.home.lines('list').filter(one => one.status === 'issued' && /^MC-OFFER/.test(one.documentNumber));
  // A scan of the paper alone does nothing: the statement is compulsory.
  assert.throws(() => world.home('reissue', held.id, '--lost'), /the paper alone is not enough/);
  const {offers: [renewed]} = JSON.parse(world.home('reissue', held.id, '--lost', '--seen-id', 'identity-card', '--offer', '--base-url', 'https://passport.example', '--json'));
  const other = await (await phone(browser)).newPage();
  await aNewWallet(other);
  await take(other, renewed);
  const fresh = bundle(world);
  offered(world, fresh);
  await desk.reload();
  await shown(desk, 'start');
  await isRenewed(desk);
  const [old, now] = [await judge(lost), await judge(await show(other))];
  assert.equal(old.colour, 'red', old.text);
  assert.ok(old.codes.includes('revoked'), old.codes.join());
  assert.equal(now.colour, 'green', now.text);
  world.street.doors.clear();
  await other.context().close();
});
