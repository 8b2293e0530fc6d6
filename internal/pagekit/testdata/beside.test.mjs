// A picture of several codes, of which each of two readers sees others.
import assert from 'node:assert/strict';
import {register} from 'node:module';
import test from 'node:test';
import {gzipSync} from 'node:zlib';

const corner = {x: 1, y: 1}, far = {x: 900, y: 900};
const quick = `export const prepareZXingModule = async () => {};
export const readBarcodes = async () => [{isValid: true, text: 'a', position: ${JSON.stringify({topLeft: corner})}},
  ...[1, 2].map(() => ({isValid: false, text: '', position: ${JSON.stringify({topLeft: far, topRight: far, bottomLeft: far})}}))];`;
const built = {'./zxing/reader/index.js': `data:text/javascript,${encodeURIComponent(quick)}`, './wasm_exec.js': 'data:text/javascript,'};
register(`data:text/javascript,${encodeURIComponent(`const built = ${JSON.stringify(built)};
export const resolve = (name, from, next) => (built[name] ? {url: built[name], shortCircuit: true} : next(name, from));`)}`);

let answer, thorough;
Object.assign(globalThis, {
  self: globalThis,
  postMessage: out => answer(out),
  Go: class {
    importObject = {};
    run() {
      self.passportBeside = () => JSON.stringify(thorough);
      self.passportFilesReady();
      return new Promise(() => {});
    }
  },
  fetch: async () => new Response(gzipSync(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]))),
  createImageBitmap: async () => ({width: 10, height: 10, close() {}}),
  OffscreenCanvas: class {
    getContext() {
      return {fillRect() {}, drawImage() {}, getImageData: (x, y, width, height) => ({data: new Uint8ClampedArray(4 * width * height), width, height})};
    }
  }
});
await import('../assets/scan-worker.mjs');
const ask = async (name, bytes) => {
  const heard = new Promise(good => { answer = good; });
  self.onmessage({data: {id: 1, what: 'file', name, file: new Blob([new Uint8Array(bytes)])}});
  return (await heard).answer;
};

test('a code that was seen and that neither reader has read counts as not read', async () => {
  for(const [texts, unread, left] of [[['a', 'b'], 0, 1], [['a'], 0, 2], [['a', 'b', 'c'], 0, 0], [['a', 'b'], 3, 3]]) {
    thorough = {texts, unread};
    const {unread: got} = await ask('three.jpg', [0xff, 0xd8, 0, 0]);
    assert.equal(got, left, `${texts} and ${unread}`);
  }
});

test('what is no text is not handed on as one: a folder of such files filled the memory', async () => {
  const {problem, text} = await ask('letter.docx', [0x50, 0x4b, 3, 4, 0, 0, 1]);
  assert.deepEqual([problem, text], [{code: 'verify_unreadable', args: {file: 'letter.docx'}}, undefined]);
  for(const twoBytesALetter of [[0xff, 0xfe, 0x65, 0], [0xfe, 0xff, 0, 0x65], [0x65, 0, 0x79, 0], [0, 0x65, 0, 0x79]]) { // of a token, marked or not
    assert.equal((await ask('token.txt', twoBytesALetter)).problem.code, 'text_utf16');
  }
});
