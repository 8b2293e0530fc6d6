// Runs files.wasm.gz under Node as the worker of a page does: node run.mjs
// FOLDER FILE…, with what "make pages" made in FOLDER. Prints a line of JSON a
// file, then how long each took on stderr.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";

const [folder, ...names] = process.argv.slice(2);
await import(join(folder, "wasm_exec.js"));
const started = new Promise((good) => { globalThis.passportFilesReady = good; });
const go = new globalThis.Go();
const { instance } = await WebAssembly.instantiate(gunzipSync(readFileSync(join(folder, "files.wasm.gz"))), go.importObject);
go.run(instance);
await started;
for (const name of names) {
  const began = performance.now();
  console.log(await globalThis.passportFiles(basename(name), new Uint8Array(readFileSync(name))));
  console.error(basename(name), Math.round(performance.now() - began), "ms");
}
process.exit(0);
