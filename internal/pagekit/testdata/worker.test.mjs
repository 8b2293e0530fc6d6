// The service worker, with a server that changes under it and two windows.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import test from 'node:test';

const code = await readFile(new URL('../assets/sw.js', import.meta.url), 'utf8');
const base = 'https://passport.example/verify';
const sum = body => createHash('sha256').update(body).digest().subarray(0, 9).toString('base64');

// A release of the page: the version that its shell names, and its files.
const release = (version, files) => ({name: 'verify', version, shell: 'verify', need: Object.keys(files), later: [], fresh: [], sums: Object.values(files).map(sum)});
const page = version => `<html data-release="${version}">`;

// browser runs the worker of a release against a server, which is a map of bodies.
function browser(line, server, {windows = [], caches = new Map()} = {}) {
  const heard = {}, done = {skipped: 0, updated: 0};
  const cacheOf = kept => ({
    match: async url => kept.get(String(url))?.clone(),
    put: async (url, answer) => {
      if(done.full) throw new DOMException('no room', 'QuotaExceededError');
      kept.set(String(url.url ?? url), answer);
    }
  });
  const self = {
    location: `${base}/sw.js`, addEventListener: (name, f) => { heard[name] = f; }, registration: {scope: 'https://passport.example/v', active: null, update: async () => { done.updated++; }},
    skipWaiting: async () => { done.skipped++; }, clients: {claim: async () => {}, matchAll: async () => windows.map(url => ({url}))},
    caches: {
      open: async name => cacheOf(caches.get(name) ?? caches.set(name, new Map()).get(name)), keys: async () => [...caches.keys()], delete: async name => caches.delete(name)
    },
    fetch: async request => {
      const body = server[String(request.url ?? request)];
      return body === undefined ? new Response('', {status: 404}) : new Response(body);
    }
  };
  new Function('self', 'RELEASE', `with (self) { ${code} }`)(self, line);
  const event = (name, more = {}) => {
    let waits = Promise.resolve();
    heard[name]({...more, waitUntil: p => { waits = p; }, respondWith: p => { waits = p; }});
    return waits;
  };
  return {caches, done, install: () => event('install'), activate: () => event('activate'), tell: data => event('message', {data}),
    ask: (url, mode = 'cors') => event('fetch', {request: {url, method: 'GET', mode}})};
}

test('threat K11: files of two releases are never kept as one, whichever of them is the newer', async () => {
  const server = {[base]: page('one'), [`${base}/verify.mjs`]: 'old', [`${base}/engine.mjs`]: 'old'};
  const line = release('one', {'verify.mjs': 'old', 'engine.mjs': 'old'});
  await browser(line, server).install();
  await assert.rejects(browser(line, {...server, [`${base}/engine.mjs`]: 'new'}).install(), /engine.mjs of another release/);
  await assert.rejects(browser(line, {...server, [base]: page('two')}).install(), /page of another release/);
  await assert.rejects(browser(line, {[base]: page('one'), [`${base}/verify.mjs`]: 'old'}).install());
});

test('threat K11: a file that was lost is not taken from another release', async () => {
  const server = {[base]: page('one'), [`${base}/verify.mjs`]: 'old'};
  const worker = browser(release('one', {'verify.mjs': 'old'}), server);
  await worker.install();
  for(const kept of worker.caches.values()) kept.delete(`${base}/verify.mjs`);
  server[`${base}/verify.mjs`] = 'new';
  await assert.rejects(worker.ask(`${base}/verify.mjs`));
  assert.equal(worker.done.updated, 1, 'it asks for its own newer release');
  server[`${base}/verify.mjs`] = 'old';
  assert.equal(await (await worker.ask(`${base}/verify.mjs`)).text(), 'old');
  assert.equal(await (await worker.ask(`${base}?lang=it`, 'navigate')).text(), page('one'));
});

test('the short address of a printed code has the page too, without a network', async () => {
  const server = {[base]: page('one')}, worker = browser(release('one', {}), server);
  await worker.install();
  delete server[base];
  assert.equal(await (await worker.ask('https://passport.example/v#123', 'navigate')).text(), page('one'));
  assert.equal(await worker.ask('https://passport.example/vacancies', 'navigate'), undefined, 'what is not its own goes by');
});

test('threat K11: a new release waits while another window has the old one open', async () => {
  const line = release('two', {});
  const two = browser(line, {}, {windows: [base, `${base}?lang=it`, 'https://passport.example/wallet']});
  await two.tell('skip');
  assert.equal(two.done.skipped, 0);
  const one = browser(line, {}, {windows: [base, 'https://passport.example/wallet']});
  await one.tell('skip');
  assert.equal(one.done.skipped, 1);
});

test('threat K11: it clears away its own old releases, and not the page of a neighbour', async () => {
  const caches = new Map();
  await browser(release('one', {}), {[base]: page('one')}, {caches}).install();
  const next = browser(release('two', {}), {[base]: page('two')}, {caches});
  await next.install();
  const neighbour = 'passport-verify /other/ three';
  caches.set(neighbour, new Map());
  await next.activate();
  assert.deepEqual([...caches.keys()], ['passport-verify /verify two', neighbour]);
});

test('threat K09: a full disk does not keep the newest bundle away', async () => {
  const server = {[base]: page('one'), [`${base}/trust.bundle`]: 'of yesterday'};
  const worker = browser({...release('one', {}), fresh: ['trust.bundle']}, server);
  await worker.install();
  worker.done.full = true;
  server[`${base}/trust.bundle`] = 'of today';
  const answer = await worker.ask(`${base}/trust.bundle`);
  assert.equal(await answer.text(), 'of today');
  assert.equal(answer.headers.has('X-Kept'), false, 'it is not passed off as an old one');
  delete server[`${base}/trust.bundle`];
  const kept = await worker.ask(`${base}/trust.bundle`);
  assert.equal(await kept.text(), 'of yesterday');
  assert.equal(kept.headers.get('X-Kept'), '1', 'without a network: what was kept, and it says so');
});
