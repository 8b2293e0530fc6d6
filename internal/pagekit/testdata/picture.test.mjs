// Pictures, with a quick reader that reads one code and a thorough one that
// cannot be had, or not in time; and the camera, left while the browser asks whether it may.
import assert from 'node:assert/strict';
import {register} from 'node:module';
import test from 'node:test';
import {gzipSync} from 'node:zlib';

// What the build puts beside the worker. The thorough reader has no place here.
const quick = `export const prepareZXingModule = async () => {};
export const readBarcodes = async () => [{isValid: true, text: 'https://passport.example/v#1234567890123456789', position: {topLeft: {x: 1, y: 1}}}];`;
const built = {'./zxing/reader/index.js': `data:text/javascript,${encodeURIComponent(quick)}`, './wasm_exec.js': 'data:text/javascript,'};
register(`data:text/javascript,${encodeURIComponent(`const built = ${JSON.stringify(built)};
export const resolve = (name, from, next) => (built[name] ? {url: built[name], shortCircuit: true} : next(name, from));`)}`);

const open = new Set();
let answer;
class Points { // what it has is not its own, as in a browser
  #side;
  constructor(width, height) { this.#side = {width, height}; }
  get width() { return this.#side.width; }
  get height() { return this.#side.height; }
  get data() { return new Uint8ClampedArray(4 * this.width * this.height); }
}
class Picture {
  constructor(width) { Object.assign(this, {width, height: width}); open.add(this); }
  close() { open.delete(this); }
}
Object.assign(globalThis, {
  self: globalThis,
  postMessage: out => answer(out),
  Go: class {},
  fetch: async url => String(url).endsWith('reader.wasm.gz') ? new Response(gzipSync('wasm')) : new Response('', {status: 503}),
  createImageBitmap: async (from, {resizeWidth} = {}) => new Picture(resizeWidth ?? (from.size > 1000 ? 9000 : 100)),
  OffscreenCanvas: class {
    getContext() {
      return {fillRect() {}, drawImage() {}, getImageData: (x, y, width, height) => new Points(width, height)};
    }
  }
});
await import('../assets/scan-worker.mjs');
const read = async size => {
  const heard = new Promise(good => { answer = good; });
  self.onmessage({data: {id: 1, what: 'file', name: 'photo.jpg', file: new Blob([new Uint8Array([0xff, 0xd8, ...Array(size).fill(0)])])}});
  return (await heard).answer;
};

test('what was read in a picture is judged, and cannot be VALID, where nobody could look at the rest', async () => {
  const {texts, told, problem} = await read(10);
  assert.equal(problem, undefined);
  assert.deepEqual(texts, ['https://passport.example/v#1234567890123456789']);
  assert.deepEqual(told, [{code: 'part_unread', args: {count: '1'}}]);
});

test('what was read in a picture is not lost to a slow line: the rest is waited for a while, once for all pictures', async t => {
  const plain = globalThis.fetch;
  t.after(() => { globalThis.fetch = plain; });
  let fail;
  const asked = new Promise(loading => {
    globalThis.fetch = url => (String(url).endsWith('files.wasm.gz') ? new Promise((_, no) => { fail = no; loading(); }) : plain(url));
  });
  t.mock.timers.enable({apis: ['setTimeout']});
  const first = read(10);
  await asked;
  t.mock.timers.tick(20_000);
  assert.deepEqual((await first).told, [{code: 'part_unread', args: {count: '1'}}]);
  const now = performance.now.bind(performance);
  t.mock.method(performance, 'now', () => now() + 20_000);
  const second = read(10);
  for(let n = 0; n < 50; n++) {
    await new Promise(setImmediate);
    t.mock.timers.tick(1);
  }
  assert.deepEqual((await second).told, [{code: 'part_unread', args: {count: '1'}}]);
  fail(new TypeError('offline'));
});

test('a thorough reader that never comes is given up after some minutes, and the next file asks for it anew', async t => {
  const plain = globalThis.fetch, asked = [];
  t.after(() => { globalThis.fetch = plain; });
  const times = [];
  t.mock.method(AbortSignal, 'timeout', ms => {
    const end = new AbortController();
    times.push({ms, end});
    return end.signal;
  });
  globalThis.fetch = (url, {signal} = {}) => (String(url).endsWith('files.wasm.gz') ? new Promise((_, no) => {
    asked.push(url);
    signal?.addEventListener('abort', () => no(signal.reason));
  }) : plain(url));
  for(const n of [1, 2]) {
    const told = read(10);
    for(let tries = 0; asked.length < n && tries < 100; tries++) await new Promise(setImmediate);
    assert.equal(asked.length, n);
    const {ms, end} = times.at(-1);
    assert.ok(ms >= 120_000 && ms <= 600_000, `${ms} ms`);
    end.abort();
    assert.equal((await told).told[0].code, 'part_unread');
  }
});

test('of five thousand pictures none stays in the memory once it is read, not even a large one', async () => {
  await read(10);
  await read(2000);
  assert.equal(open.size, 0);
});

test('a camera that was left before it could start does not darken the one that was started since', async () => {
  let allow;
  const stream = () => ({getTracks: () => [], getVideoTracks: () => [{}]});
  const mine = [new Promise(ok => { allow = ok; }), Promise.resolve(stream())];
  Object.defineProperty(globalThis, 'navigator', {value: {mediaDevices: {getUserMedia: () => mine.shift()}}, configurable: true});
  globalThis.document = {hidden: false, addEventListener() {}, removeEventListener() {}};
  const video = {videoWidth: 0, play: async () => {}};
  const {startCamera} = await import('../assets/scan.mjs');
  const left = startCamera(video, () => {});
  allow(stream());
  const late = await left; // the page looks only now, and stops it
  const second = await startCamera(video, () => {});
  const seen = video.srcObject;
  late.stop();
  assert.equal(video.srcObject, seen);
  second.stop();
  assert.equal(video.srcObject, null);
});
