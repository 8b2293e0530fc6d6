// The reader of files, without a browser: what it says of files that it cannot
// read is about the file only where the file is at fault.
import assert from 'node:assert/strict';
import test from 'node:test';

let answer;
globalThis.self = globalThis;
globalThis.postMessage = out => answer(out);
globalThis.fetch = async () => new Response('', {status: 503});
await import('../assets/scan-worker.mjs');
const read = async (name, ...parts) => {
  const heard = new Promise(good => { answer = good; });
  self.onmessage({data: {id: 1, what: 'file', name, file: new Blob(parts)}});
  return (await heard).answer;
};

test('a PDF is not called broken where its reader cannot be had', async () => {
  const {problem} = await read('certificate.pdf', '%PDF-1.7\n');
  assert.deepEqual(problem, {code: 'reader_missing', args: {file: 'certificate.pdf'}});
});

test('a picture is not said to be without a code where nobody could look', async () => {
  const {problem} = await read('photo.jpg', new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0]));
  assert.equal(problem.code, 'reader_missing');
});

test('a text of many megabytes, and a picture of ten thousand million points, are refused before they are unpacked', async () => {
  assert.equal((await read('huge.txt', 'a'.repeat(5 << 20))).problem.code, 'qr_picture_large');
  const bomb = new DataView(new ArrayBuffer(64));
  [0x89504e47, 0x0d0a1a0a, 13, 0x49484452, 100_000, 100_000].forEach((word, n) => bomb.setUint32(4 * n, word));
  assert.equal((await read('bomb.png', bomb.buffer)).problem.code, 'qr_picture_large');
  assert.equal((await read('token.jwt', 'eyJ.a.b')).text, 'eyJ.a.b');
});
