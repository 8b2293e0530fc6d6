// Runs calls through the engine as a page does: node run.mjs DIR, see engine.mjs.
// Each line of standard input is {name, input, now, signed?}; each answer is one
// line, {answer, took}. One instance answers all of them.
import { answer, start } from "./engine.mjs";

let now = 0, signatures = {};
await start(process.argv[2], {
  now: () => now,
  sign: async (handle, message) => {
    const key = Buffer.from(message).toString("base64");
    if (!signatures[key]) throw new Error("no such signature");
    return new Uint8Array(Buffer.from(signatures[key], "base64"));
  },
});
await answer(async (one) => {
  now = one.now;
  signatures = one.signed || {};
  const began = process.cpuUsage();
  const said = await globalThis.passport(one.name, one.input);
  return { answer: said, took: process.cpuUsage(began).user / 1000 };
});
