// The page's side of the engine, which is the verifier and the wallet in Go. It
// runs in a worker; this module only carries questions and answers.
//
//   const engine = startEngine({ sign })
//   await engine.ready            compiled and waiting (calls may be made before)
//   const out = await engine.call("verify", { lang, inputs }, { onProgress(done, total) {} })
//   engine.onRestart = async () => {}    after a crash: open trust and wallet again
//
// sign(handle, bytes) signs for the wallet: a promise of r and s, 64 bytes. A call
// that is refused throws a Refusal with code, message and hint in the language
// that the call named, and whatever else stands beside them. Every call bears the
// offset of the clock on the wall now, so that moments are told by it.

export class Refusal extends Error {
  constructor(why) {
    super(why.message || why.code);
    Object.assign(this, why);
  }
}

export function startEngine(host = {}) { return new Engine(host); }

class Engine {
  constructor(host) {
    Object.assign(this, { host, waiting: new Map(), last: 0, onRestart: async () => {} });
    this.begin();
  }

  begin() {
    this.ready = new Promise((good, bad) => { this.settle = { good, bad }; });
    this.ready.catch(() => {}); // told by the next call too
    this.worker = new Worker(new URL("engine-worker.mjs", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = (e) => this.fail(e.message || "worker");
  }

  hear(data) {
    const one = this.waiting.get(data.id);
    if (data.ready) this.settle.good();
    else if (data.failed) this.fail(data.failed);
    else if (data.ask) this.serve(data);
    else if (data.progress) one?.onProgress?.(...data.progress);
    else if (one) {
      this.waiting.delete(data.id);
      const answer = JSON.parse(data.answer);
      if (answer.error) one.bad(new Refusal(answer.error)); else one.good(answer);
    }
  }

  async serve({ ask, what, args }) {
    try {
      this.worker.postMessage({ answer: ask, value: await this.host[what](...args) });
    } catch (err) {
      this.worker.postMessage({ answer: ask, error: String(err?.message || err) });
    }
  }

  // fail ends what waits. The next call begins anew.
  fail(message) {
    const why = new Refusal({ code: "engine_fault", message });
    this.worker.terminate();
    this.failed = true;
    this.settle.bad(why);
    for (const one of this.waiting.values()) one.bad(why);
    this.waiting.clear();
  }

  async call(name, input = {}, { onProgress } = {}) {
    if (this.failed) {
      this.failed = false;
      this.begin();
      await this.onRestart();
    }
    return new Promise((good, bad) => {
      this.waiting.set(++this.last, { good, bad, onProgress });
      this.worker.postMessage({ id: this.last, name, input: { zone: -new Date().getTimezoneOffset(), ...input } });
    });
  }
}
