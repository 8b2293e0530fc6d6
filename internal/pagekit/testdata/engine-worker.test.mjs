// The worker of the engine, without its engine: what it asks the network for.
import assert from 'node:assert/strict';
import {register} from 'node:module';
import test from 'node:test';

register(`data:text/javascript,${encodeURIComponent(`export const resolve = (name, from, next) => name === './wasm_exec.js'
  ? {url: 'data:text/javascript,', shortCircuit: true} : next(name, from);`)}`);
const loads = new Map();
Object.assign(globalThis, {self: globalThis, postMessage() {}, fetch: async (url, how) => { loads.set(String(url).split('/').at(-1), how); return new Response('', {status: 503}); }});
await import('../assets/engine-worker.mjs');
const head = JSON.stringify({method: 'GET', url: 'https://issuer.example/offer', header: {}});

test('a download of the engine that stalls is given up, and does not leave a page waiting for ever', () => {
  assert.ok(loads.get('passport.wasm.gz').signal instanceof AbortSignal);
});

test('an answer without an end is cut off, and not taken in first', async () => {
  let given = 0, cut = false;
  const part = new Uint8Array(1 << 20);
  const endless = new ReadableStream({
    pull(out) { if(++given > 100) out.close(); else out.enqueue(part); },
    cancel() { cut = true; }
  });
  globalThis.fetch = async () => new Response(endless);
  await assert.rejects(self.passportHost.fetch(head), /too large/);
  assert.ok(cut, 'the transfer is ended');
  assert.ok(given < 20, `${given} MB were taken`);
});

test('an answer is given whole, and one without a body is empty', async () => {
  globalThis.fetch = async () => new Response('{"a":1}', {status: 201, headers: {'x-a': 'b'}});
  const {head: said, body} = await self.passportHost.fetch(head);
  assert.equal(new TextDecoder().decode(body), '{"a":1}');
  assert.equal(JSON.parse(said).status, 201);
  assert.equal(JSON.parse(said).header['x-a'], 'b');
  globalThis.fetch = async () => new Response(null, {status: 204});
  assert.equal((await self.passportHost.fetch(head)).body.length, 0);
});
