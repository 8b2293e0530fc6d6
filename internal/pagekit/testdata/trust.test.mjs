// What the pages keep of what they trust, with a store that two tabs share.
import assert from 'node:assert/strict';
import test from 'node:test';
import {openTrust} from '../assets/trust.mjs';

const day = n => `2026-11-${n}T06:00:00Z`;
const bundle = n => new TextEncoder().encode(`bundle ${n}`);

// The network has one bundle at a time; the engine takes any that is not older
// than what it has seen, as the real one does.
let offered;
globalThis.fetch = async url => String(url).endsWith('trust.json') ? Response.json({anchor: 'root', bundle: 'trust.bundle'})
  : offered ? new Response(bundle(offered)) : Promise.reject(new TypeError('offline'));

function engine() {
  let mine = {seq: 0, newest: ''};
  return async (name, {bundle, seen}) => {
    if(name === 'trust.lists') return {names: []};
    const seq = Number(atob(bundle).split(' ')[1]);
    if(seen?.seq > mine.seq) mine = seen;
    if(seq < mine.seq) return {refused: {code: 'older'}, problems: [], checks: []};
    mine = {seq, newest: day(seq)};
    return {origin: {seq}, problems: [], checks: [], seen: mine};
  };
}

function disk() {
  const kept = new Map();
  return {kept, get: async key => kept.get(key), set: async (key, value) => kept.set(key, value), change: async (key, f) => kept.set(key, f(kept.get(key)))};
}

test('threat K10: a tab that was left open does not put its older bundle over the newer one of another', async () => {
  const store = disk();
  offered = 20;
  const left = await openTrust({call: engine(), store, lang: 'en'});
  offered = 22;
  const other = await openTrust({call: engine(), store, lang: 'en'});
  assert.equal(await other.coming, 'newer');
  await left.remember({seq: 20, newest: day(21)});
  const {bundle: kept, seen} = store.kept.get('trust:root');
  assert.deepEqual(kept, bundle(22));
  assert.deepEqual(seen, {seq: 22, newest: day(22)});
});

test('threat K10: nothing that was seen is forgotten, whichever tab has seen it', async () => {
  const store = disk();
  offered = 20;
  const left = await openTrust({call: engine(), store, lang: 'en'});
  offered = 22;
  await (await openTrust({call: engine(), store, lang: 'en'})).coming;
  await left.remember({seq: 20, newest: day(23)}); // of a list that was dated later
  assert.deepEqual(store.kept.get('trust:root'), {bundle: bundle(22), lists: undefined, seen: {seq: 22, newest: day(23)}}, 'who has come less far puts nothing back');
  store.kept.set('trust:root', {bundle: bundle(20), seen: {seq: 20, newest: day(25)}});
  await left.remember({seq: 20, newest: day(21)});
  assert.deepEqual(store.kept.get('trust:root').seen, {seq: 20, newest: day(25)}, 'the clock is not set back');
  offered = 21;
  store.kept.set('trust:root', {bundle: bundle(22), seen: {seq: 22, newest: day(22)}});
  assert.equal(await left.renew(), 'older', 'even where its own time is the newer');
});

test('threat K10: a number far ahead of its date, which somebody believed, does not stay for ever', async () => {
  const store = disk();
  store.kept.set('trust:root', {bundle: bundle(20), seen: {seq: 9e15, newest: day(20)}});
  offered = 22;
  const call = engine();
  const trust = await openTrust({store, lang: 'en', call: (name, input) => call(name, {...input, seen: input.seen?.seq > 1e12 ? undefined : input.seen})}); // as the engine leaves it out
  await trust.coming;
  assert.deepEqual(store.kept.get('trust:root'), {bundle: bundle(22), lists: undefined, seen: {seq: 22, newest: day(22)}});
});

test('threat K10: a tab that was left open takes what another has kept, with no network, and refuses what is older', async () => {
  const store = disk();
  offered = 20;
  const left = await openTrust({call: engine(), store, lang: 'en'});
  offered = 22;
  await (await openTrust({call: engine(), store, lang: 'en'})).coming;
  offered = 0;
  assert.equal(await left.renew(), 'offline');
  assert.equal(left.origin.seq, 22);
  offered = 21;
  assert.equal(await left.renew(), 'older');
  assert.equal(left.origin.seq, 22);
});

test('threat K09: a store that forgets is not a store that has never known', async () => {
  const store = disk();
  offered = 20;
  const trust = await openTrust({call: engine(), store, lang: 'en'});
  assert.equal(trust.state, 'ready');
  offered = 0;
  const none = await openTrust({call: engine(), store: disk(), lang: 'en'});
  assert.equal(none.state, 'missing', 'nothing kept and no network: nobody is trusted');
});

test('who opens the page has asked for the newest list before the engine is there, and once', async () => {
  const store = disk();
  offered = 20;
  await openTrust({call: engine(), store, lang: 'en'});
  offered = 22;
  const asked = [];
  const plain = globalThis.fetch;
  globalThis.fetch = url => { asked.push(String(url).split('/').at(-1)); return plain(url); };
  let wake;
  const slow = new Promise(ok => { wake = ok; });
  const call = engine();
  const opening = openTrust({call: async (...args) => { await slow; return call(...args); }, store, lang: 'en'});
  await new Promise(later => setTimeout(later, 20));
  assert.deepEqual(asked, ['trust.json', 'trust.bundle']);
  wake();
  const trust = await opening;
  assert.equal(trust.origin.seq, 20, 'what is kept opens first');
  await trust.briefly();
  assert.equal(trust.origin.seq, 22, 'who checks at once has the news');
  assert.deepEqual(asked, ['trust.json', 'trust.bundle']);
  globalThis.fetch = plain;
});

test('nobody waits long for a list that does not come', async t => {
  const store = disk();
  offered = 20;
  await openTrust({call: engine(), store, lang: 'en'});
  const plain = globalThis.fetch;
  let arrive;
  globalThis.fetch = url => String(url).endsWith('trust.json') ? plain(url) : new Promise(ok => { arrive = () => ok(new Response(bundle(22))); });
  const trust = await openTrust({call: engine(), store, lang: 'en'});
  const came = [];
  trust.onChange = what => came.push(what);
  t.mock.timers.enable({apis: ['setTimeout']});
  const waits = trust.briefly();
  t.mock.timers.tick(1500);
  await waits;
  assert.equal(trust.origin.seq, 20);
  await trust.briefly(); // not once more: no time goes by
  t.mock.timers.reset();
  arrive();
  assert.equal(await trust.coming, 'newer');
  assert.deepEqual(came, ['newer'], 'the page is told, to judge again');
  globalThis.fetch = plain;
});

test('two that ask at once, as a phone that wakes does, are not told of an older list that nobody sent', async () => {
  const store = disk();
  offered = 20;
  const trust = await openTrust({call: engine(), store, lang: 'en'});
  const plain = globalThis.fetch;
  const slow = [40, 0], sent = [21, 22, 23]; // the first answer comes last
  globalThis.fetch = async () => {
    const n = sent.shift();
    await new Promise(later => setTimeout(later, slow.shift()));
    return new Response(bundle(n));
  };
  const first = trust.renew();
  await new Promise(setImmediate); // it is on its way
  assert.deepEqual(await Promise.all([first, trust.renew()]), ['newer', 'newer']);
  assert.equal(trust.origin.seq, 22);
  assert.equal(trust.notices.has('older'), false);
  globalThis.fetch = plain;
});

test('who asks again and again on a dead network waits for one answer after that on its way, not for one each', async t => {
  const store = disk();
  offered = 20;
  const trust = await openTrust({call: engine(), store, lang: 'en'});
  const plain = globalThis.fetch, sent = [];
  t.after(() => { globalThis.fetch = plain; });
  globalThis.fetch = () => new Promise((_, bad) => { sent.push(bad); });
  const asked = [trust.renew()];
  await new Promise(setImmediate);
  for(let n = 0; n < 9; n++) asked.push(trust.renew());
  for(let n = 1; n <= 2; n++) {
    assert.equal(sent.length, n);
    sent[n - 1](new TypeError('dead'));
    await new Promise(setImmediate);
  }
  assert.equal(sent.length, 2);
  assert.deepEqual(await Promise.all(asked), Array(10).fill('offline'));
  const later = trust.renew();
  await new Promise(setImmediate);
  assert.equal(sent.length, 3, 'who asks later asks');
  sent[2](new TypeError('dead'));
  await later;
});

test('an engine that falls over a newer list has not refused it, nor called it older', async () => {
  const store = disk();
  offered = 22;
  const call = engine();
  let falls = false;
  const trust = await openTrust({store, lang: 'en', call: (...args) => (falls && args[0] === 'trust.open' ? Promise.reject(new Error('engine_fault')) : call(...args))});
  for(const was of ['refused', 'older']) {
    offered = 23;
    falls = true;
    assert.equal(await trust.renew(), 'offline');
    assert.deepEqual([...trust.notices], was === 'older' ? ['older'] : []);
    falls = false;
    offered = 21;
    assert.equal(await trust.renew(), 'older');
  }
});

test('an engine that falls while it opens what another tab has kept ends no later renewal', async () => {
  const store = disk();
  offered = 20;
  const call = engine();
  let falls = false;
  const trust = await openTrust({store, lang: 'en', call: (...args) => (falls ? Promise.reject(new Error('engine_fault')) : call(...args))});
  store.kept.set('trust:root', {bundle: bundle(22), seen: {seq: 22, newest: day(22)}});
  falls = true;
  offered = 0;
  assert.equal(await trust.renew(), 'offline');
  falls = false;
  offered = 22;
  assert.equal(await trust.renew(), 'same');
  assert.equal(trust.origin.seq, 22);
  await trust.briefly();
});

test('an emptied store is told from a first visit, though another page of the same place was here before', async () => {
  globalThis.localStorage = {};
  const page = name => ({...disk(), name});
  offered = 20;
  const wallet = page('wallet'), told = async store => [...(await openTrust({call: engine(), store, lang: 'en'})).notices];
  assert.ok(!(await told(wallet)).includes('evicted'));
  assert.ok(!(await told(page('verify'))).includes('evicted'), 'a first visit');
  wallet.kept.clear();
  assert.ok((await told(wallet)).includes('evicted'), 'what was kept is gone');
  delete globalThis.localStorage;
});

test('threat K10: what another tab has kept is caught up with before anything is judged, and asks nobody', async () => {
  const store = disk();
  offered = 20;
  const left = await openTrust({call: engine(), store, lang: 'en'});
  offered = 22;
  await (await openTrust({call: engine(), store, lang: 'en'})).coming;
  const plain = globalThis.fetch;
  globalThis.fetch = () => assert.fail('nobody is asked');
  let told = 0;
  left.onChange = () => told++;
  await left.catchUp();
  await left.catchUp();
  assert.equal(left.origin.seq, 22);
  assert.equal(told, 1);
  globalThis.fetch = plain;
});

test('a list that has been open for hours is opened again: its age and its end are of the hour', async t => {
  offered = 20;
  const trust = await openTrust({call: engine(), store: disk(), lang: 'en'});
  await trust.coming;
  const {origin} = trust, now = Date.now();
  await trust.catchUp();
  assert.equal(trust.origin, origin);
  t.mock.method(Date, 'now', () => now + 2 * 3600e3);
  assert.ok(trust.isStale);
  await trust.catchUp();
  assert.notEqual(trust.origin, origin);
  assert.ok(!trust.isStale);
  t.mock.method(Date, 'now', () => now);
  assert.ok(trust.isStale, 'a clock that was set back is another hour too');
});

test('an engine that falls over the first list that is kept has not closed the page for good', async () => {
  const store = disk();
  store.kept.set('trust:root', {bundle: bundle(22), seen: {seq: 22, newest: day(22)}});
  offered = 0;
  const call = engine();
  let falls = 1;
  const trust = await openTrust({store, lang: 'en', call: (...args) => (falls-- > 0 ? Promise.reject(new Error('engine_fault')) : call(...args))});
  assert.notEqual(trust.state, 'ready');
  await trust.catchUp();
  assert.equal(trust.state, 'ready');
  assert.equal(trust.origin.seq, 22);
});

test('a list beside the bundle that did not come, or came damaged, comes with the next renewal', async () => {
  const plain = globalThis.fetch, at = {one: 'one', two: null};
  const asked = [];
  offered = 20;
  globalThis.fetch = async url => {
    const name = String(url).split('.lists/')[1];
    if(!name) return plain(url);
    asked.push(name);
    return at[name] ? new Response(at[name]) : Promise.reject(new TypeError('a dead spot'));
  };
  const call = engine();
  let open;
  const trust = await openTrust({store: disk(), lang: 'en', call: async (name, input) => {
    if(name === 'trust.open') open = Object.keys(input.lists);
    return name === 'trust.lists' ? {names: ['one', 'two'], held: ['one', 'two'].filter(n => input.lists[n] && atob(input.lists[n]) === n)} : call(name, input);
  }});
  await trust.coming;
  assert.deepEqual(open, ['one']);
  at.two = 'damaged';
  assert.equal(await trust.renew(), 'newer');
  assert.deepEqual(open, ['one', 'two']);
  at.two = 'two';
  assert.equal(await trust.renew(), 'newer');
  assert.deepEqual([...trust.lists.two], [...new TextEncoder().encode('two')]);
  asked.length = 0;
  assert.equal(await trust.renew(), 'same');
  assert.deepEqual(asked, [], 'what is held is not fetched again');
  globalThis.fetch = plain;
});

test('what was wrong with an earlier list is not said any more once the network has the one that is open', async () => {
  const store = disk();
  offered = 22;
  const trust = await openTrust({call: engine(), store, lang: 'en'});
  offered = 21;
  assert.equal(await trust.renew(), 'older');
  assert.ok(trust.notices.has('older'));
  offered = 22;
  assert.equal(await trust.renew(), 'same');
  assert.deepEqual([...trust.notices], []);
});
