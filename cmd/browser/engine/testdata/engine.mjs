// The engine as a page runs it, for programs that are asked line by line.
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { gunzipSync } from "node:zlib";
import { pathToFileURL } from "node:url";
import { join, resolve } from "node:path";

// start runs the engine of a folder, which holds passport.wasm.gz, wasm_exec.js and
// the words, with what a page's host does besides.
export async function start(dir, host) {
  await import(pathToFileURL(resolve(join(dir, "wasm_exec.js"))));
  globalThis.passportWords = {};
  for (const name of readdirSync(dir)) {
    const lang = /^engine-([a-z]+)\.json$/.exec(name)?.[1];
    if (lang) globalThis.passportWords[lang] = JSON.parse(readFileSync(join(dir, name)));
  }
  await new Promise((ready, bad) => {
    globalThis.passportHost = { ready, fetch: async () => { throw new Error("no network"); }, progress: () => {}, ...host };
    const go = new globalThis.Go();
    WebAssembly.instantiate(gunzipSync(readFileSync(join(dir, "passport.wasm.gz"))), go.importObject)
      .then(({ instance }) => go.run(instance)).then(() => bad(new Error("the engine has ended")), bad);
  });
}

// answer gives each line of standard input, an object, to one; its answer is a line.
export async function answer(one) {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line) process.stdout.write(JSON.stringify(await one(JSON.parse(line))) + "\n");
  }
  process.stdout.end(() => process.exit(0)); // once all is written
}
