// What a person does on the two pages, in the words of a person.
import {settled} from './browser.mjs';
import {verifyPage, walletPage} from './world.mjs';

// shown waits until one of some screens of a page is there, and names it.
export async function shown(page, ...names) {
  const found = await page.waitForFunction(wanted => wanted.includes(document.documentElement.dataset.on) && document.documentElement.dataset.on, names);
  return found.jsonValue();
}

// speak changes the language in place, as the menu does, and waits until what
// scripts have drawn is drawn again.
export const speak = (page, lang) => page.evaluate(async code => {
  const script = [...document.scripts].find(s => s.type === 'module');
  const {speak} = await import(new URL('page.mjs', script.src));
  const drawn = [...document.querySelectorAll('#screen > *, #answer > *, #table > *, #trust > *')].filter(e => e.checkVisibility());
  await speak(code);
  for(let tries = 0; tries < 200 && drawn.some(e => e.isConnected); tries++) await new Promise(later => setTimeout(later, 15));
  await new Promise(later => setTimeout(later, 15));
}, lang);

// openVerify opens the page of an employer and waits until everything that it
// needs without a network is kept.
export async function openVerify(page, {at = verifyPage, kept = true} = {}) {
  await page.goto(at);
  await shown(page, 'start', 'answer');
  if(!kept) return;
  await isKept(page);
  await isRenewed(page);
}

// isRenewed waits until the page has opened its bundle and has taken a newer one,
// for which it asks at once and once.
export async function isRenewed(page) {
  await page.locator('#trust').filter({hasText: /\w/}).waitFor();
  await settled(page);
}

// isKept waits until the service worker has everything, also what it fetches ahead.
export const isKept = page => page.evaluate(async () => {
  const {active, scope} = await navigator.serviceWorker.ready;
  const release = /"(need|later)":\s*\[[^\]]*\]/g;
  const worker = await (await fetch(active.scriptURL)).text();
  const wanted = (worker.match(release) ?? []).flatMap(list => JSON.parse(`{${list}}`)).flatMap(Object.values).flat().map(name => new URL(name, active.scriptURL).href);
  active.postMessage('ahead');
  let missing = [scope];
  for(let tries = 0; tries < 300 && (missing.length || !navigator.serviceWorker.controller); tries++) {
    const kept = new Set();
    for(const name of await caches.keys()) for(const request of await (await caches.open(name)).keys()) kept.add(request.url);
    missing = wanted.filter(url => !kept.has(url));
    await new Promise(later => setTimeout(later, 50));
  }
  if(!wanted.length || missing.length || !navigator.serviceWorker.controller) throw new Error(`the service worker does not keep ${missing}`);
});

// begin goes to the first screen, from wherever.
async function begin(page) {
  if(await page.evaluate(() => document.documentElement.dataset.on) !== 'start') await page.locator('.brand').click();
  await shown(page, 'start');
}

// type writes a text into the page of an employer and asks for the answer.
export async function type(page, text) {
  await begin(page);
  await page.locator('#write').click();
  await page.locator('#text').fill(text);
  await page.locator('#typed [type=submit]').click();
  return answer(page);
}

// bring gives files to the page of an employer.
export async function bring(page, ...files) {
  await begin(page);
  await page.locator('#files').setInputFiles(files);
  return answer(page);
}

// answer waits for a verdict and reads it.
export async function answer(page) {
  await shown(page, 'answer');
  const place = page.locator('#answer');
  await place.locator('h1').waitFor();
  return {
    word: (await place.locator('h1').innerText()).trim(),
    colour: await place.locator('.banner').evaluate(e => ['green', 'amber', 'grey', 'red'].find(c => e.classList.contains(c))), // a notice above has one too
    text: await place.innerText(),
    codes: await place.locator('[data-code]').evaluateAll(all => all.map(e => `${e.dataset.code}`))
  };
}

// press presses a button of the wallet by what it does.
export const press = (page, what) => page.locator(`[data-do="${what}"]:visible`).first().click();

// aNewWallet is made by somebody who takes the words; it answers with them.
export async function aNewWallet(page, {tongue = 'en', visit} = {}) {
  await page.goto(walletPage);
  if(await shown(page, 'welcome', 'start') === 'welcome') await page.locator(`[data-do="tongue"][lang="${tongue}"]`).click();
  await shown(page, 'start');
  await press(page, 'make');
  await shown(page, 'words');
  const words = (await page.locator('ol.words li').allInnerTexts()).map(word => word.trim());
  await press(page, 'go:check');
  await shown(page, 'check');
  await visit?.();
  await page.locator('[data-do="checked"]').filter({hasText: new RegExp(`^${await askedWord(page, words)}$`)}).click();
  await shown(page, 'home');
  return words;
}

// askedWord is the one of the words that the page asks for by its number.
async function askedWord(page, words) {
  const [number] = /\d+/.exec(await page.locator('#main').innerText());
  return words[number - 1];
}

// take receives what a link offers, with the code that came beside it.
export async function take(page, {link, txCode}) {
  await home(page);
  await press(page, 'go:add');
  await press(page, 'go:paste');
  await page.locator('textarea[name=text]').fill(link);
  await page.locator('form[data-do=pasted] .primary').click();
  await shown(page, 'host');
  const host = (await page.locator('.host').innerText()).trim();
  await press(page, 'trust');
  await shown(page, 'offer');
  if(txCode) await page.locator('input[name=code]').fill(txCode);
  await page.locator('form[data-do=take] .primary').click();
  await shown(page, 'got');
  const got = (await page.locator('ul.given').innerText()).trim();
  await press(page, 'home');
  await shown(page, 'home');
  return {host, got};
}

// home goes to the list of documents, from wherever.
export async function home(page) {
  if(await page.evaluate(() => document.documentElement.dataset.on) === 'home') return;
  await page.goto(walletPage);
  await shown(page, 'home');
}

// show makes a code of all documents: for somebody who is here, or for a firm.
// It answers with a picture of the screen and the link.
export async function show(page, {audience, times = 0} = {}) {
  await home(page);
  await press(page, 'go:pick');
  await shown(page, 'pick');
  for(const box of await page.locator('.pick input:enabled').all()) await box.check();
  await page.locator('form[data-do=picked] .primary').click();
  await shown(page, 'who');
  if(audience) {
    await press(page, 'go:whom');
    await page.locator('input[name=audience]').fill(audience);
    await page.locator('form[data-do=named] .primary').click();
    await shown(page, 'when');
    await page.locator('[data-do^=timed]').nth(times).click();
  } else await press(page, 'here');
  await shown(page, 'code');
  await page.locator('#qr[src]').waitFor();
  return page.locator('#qr').screenshot();
}

// backUp saves a file sealed with the words and returns its place.
export async function backUp(page, words) {
  await home(page);
  await page.locator('#menu').click();
  await press(page, 'go:backup');
  await press(page, 'go:say:file');
  await page.locator('textarea[name=words]').fill(words.join(' '));
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('form[data-do=said] .primary').click()]);
  await shown(page, 'saved');
  return download.path();
}

// wipe empties the wallet on this device.
export async function wipe(page) {
  await home(page);
  await page.locator('#menu').click();
  await press(page, 'go:settings');
  await press(page, 'go:wipe');
  await page.locator('input[name=sure]').check();
  await page.locator('form[data-do=wipe] .primary').click();
  await shown(page, 'welcome', 'start');
}

// restore brings a backup back with the words, on an empty device.
export async function restore(page, file, words, {visit} = {}) {
  await page.goto(walletPage);
  if(await shown(page, 'welcome', 'start') === 'welcome') await page.locator('[data-do="tongue"][lang="en"]').click();
  await press(page, 'go:restore');
  await shown(page, 'restore');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(page, 'backupFile')]);
  await chooser.setFiles(file);
  await shown(page, 'say');
  await page.locator('textarea[name=words]').fill(words.join(' '));
  await page.locator('form[data-do=said] .primary').click();
  await shown(page, 'restored');
  await visit?.();
  await press(page, 'home');
  await shown(page, 'home');
}
