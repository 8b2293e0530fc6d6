// When the page of a new release begins.
import assert from 'node:assert/strict';
import test from 'node:test';

const heard = {};
const hear = (name, f) => { (heard[name] ??= []).push(f); };
const tell = name => { for(const f of heard[name] ?? []) f(); };
let loaded = 0, updated = 0;
const worker = {addEventListener: hear, update: async () => { updated++; }};
Object.assign(globalThis, {
  document: {documentElement: {dataset: {}}, hidden: false}, addEventListener: hear, location: {reload: () => { loaded++; }}
});
Object.defineProperty(globalThis, 'navigator', {configurable: true, value: {serviceWorker: {controller: {}, addEventListener: hear, register: async () => worker}}});
const {work} = await import('../assets/page.mjs');

test('threat K11: a new release that came while something was open begins when nothing is', async () => {
  let idle = false;
  await work(() => idle);
  tell('controllerchange');
  assert.equal(loaded, 0, 'what is open stays');
  tell('visibilitychange');
  assert.deepEqual([loaded, updated], [0, 0], 'and nobody is asked for a newer one at that moment');
  idle = true;
  tell('visibilitychange');
  assert.deepEqual([loaded, updated], [1, 1]);
});
