// Runs the engine (passport.wasm.gz, Go) in a worker, so that the page never
// waits for it. Messages in: {id, name, input}; {answer, value} or {answer,
// error} to what was asked of the page. Messages out: {ready}, {failed}, {id,
// answer}, {id, progress}, {ask, what, args}.
import "./wasm_exec.js";

const PATIENCE = 30000;
const STALLED = 6e5; // ms after which an engine that is still on its way is given up: the next call begins anew
const MOST = 8 << 20; // bytes of an answer
const asked = new Map();
let asks = 0, current = 0;

// ask puts a question to the page and gives a promise of its answer.
const ask = (what, ...args) => new Promise((good, bad) => {
  asked.set(++asks, { good, bad });
  postMessage({ ask: asks, what, args });
});

// send asks the network for the wallet: no cookie, no redirect, no trace of us.
async function send(head, sent) {
  const { method, url, header } = JSON.parse(head);
  const answer = await fetch(url, {
    method, headers: header, body: method === "POST" ? sent : undefined, signal: AbortSignal.timeout(PATIENCE),
    credentials: "omit", redirect: "error", cache: "no-store", referrerPolicy: "no-referrer",
  });
  let size = 0;
  const counted = answer.body?.pipeThrough(new TransformStream({
    transform(part, out) {
      if ((size += part.length) > MOST) throw Error("answer too large"); // ends the transfer too
      out.enqueue(part);
    },
  }));
  const body = new Uint8Array(await new Response(counted).arrayBuffer());
  return { head: JSON.stringify({ status: answer.status, header: Object.fromEntries(answer.headers) }), body };
}

const started = new Promise((ready) => {
  self.passportHost = {
    ready,
    sign: (handle, message) => ask("sign", handle, message),
    fetch: send,
    progress: (done, total) => postMessage({ id: current, progress: [done, total] }),
  };
});

// The engine's sentences, by language: English, which stands in for others, and
// those of each call's.
self.passportWords = {};
async function words(...names) {
  await Promise.all(names.filter((n) => /^[a-z]{2,4}$/.test(n) && !(n in self.passportWords)).map(async (name) => {
    const file = await fetch(new URL(`engine-${name}.json`, import.meta.url));
    if (file.ok) self.passportWords[name] = await file.json();
  }));
}

async function start() {
  const said = words("keys", "en");
  const packed = await fetch(new URL("passport.wasm.gz", import.meta.url), { signal: AbortSignal.timeout(STALLED) });
  if (!packed.ok) throw Error(`engine: ${packed.status}`);
  const plain = new Response(packed.body.pipeThrough(new DecompressionStream("gzip")), { headers: { "content-type": "application/wasm" } });
  const go = new self.Go();
  const { instance } = await WebAssembly.instantiateStreaming(plain, go.importObject);
  go.run(instance).then(() => postMessage({ failed: "the engine has ended" }));
  await Promise.all([started, said]);
  postMessage({ ready: true });
}

const begun = start();
begun.catch((err) => postMessage({ failed: String(err?.message || err) }));

// One call after the other, so that progress is that of the call that runs. Those
// that wait for the network do not make the others wait: the engine sees to it.
let last = begun;
self.onmessage = ({ data }) => {
  if (data.answer) {
    const { good, bad } = asked.get(data.answer);
    asked.delete(data.answer);
    if (data.error) bad(Error(data.error)); else good(data.value);
    return;
  }
  const waits = /offer|take|tell|collect|refresh/.test(data.name);
  const call = last.then(async () => {
    await words(data.input.lang).catch(() => {}); // English, where it cannot be had
    current = data.id;
    postMessage({ id: data.id, answer: await self.passport(data.name, JSON.stringify(data.input)) });
  });
  if (!waits) last = call;
  call.catch((err) => postMessage({ failed: String(err?.message || err) }));
};
