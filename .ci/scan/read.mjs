// Reads frames as the worker of the page does, with its settings, under Node.
// In: the width and the height of frames as arguments, then for each frame four
// bytes of its number in the scene (little endian) and its points, grey. Out:
// {texts, unread, ms} a line.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const kit = new URL("../../internal/pagekit/", import.meta.url);
globalThis.self = globalThis;
const { OPTIONS, prepared } = await import(new URL("assets/scan-worker.mjs", kit));
const { prepareZXingModule, readBarcodes } = await import(new URL("built/zxing/reader/index.js", kit));
const wasmBinary = gunzipSync(readFileSync(new URL("built/zxing/reader.wasm.gz", kit)));
await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });

const [width, height] = process.argv.slice(2).map(Number);
const data = new Uint8ClampedArray(4 * width * height).fill(255);
const size = 4 + width * height;
let rest = Buffer.alloc(0);
for await (const piece of process.stdin) {
  rest = Buffer.concat([rest, piece]);
  while (rest.length >= size) {
    const n = rest.readUInt32LE(0);
    for (let i = 0, at = 4; at < size; i += 4, at++) data[i] = data[i + 1] = data[i + 2] = rest[at];
    rest = rest.subarray(size);
    const began = performance.now();
    const found = await readBarcodes(prepared({ data, width, height }, n), OPTIONS);
    const texts = [...new Set(found.filter((f) => f.isValid).map((f) => f.text))];
    console.log(JSON.stringify({ texts, unread: found.filter((f) => !f.isValid).length, ms: performance.now() - began }));
  }
}
