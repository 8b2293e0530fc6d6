// The modules of the page beside those of testdata, each time anew: what they hold in
// memory is theirs. heard is what the page listens to; lock.gone() is another tab that
// takes the wallet, and lock.tired() ends the patience of one that waits its turn.
import { copyFileSync, mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";

const heard = globalThis.heard = {}, lock = globalThis.lock = {};
const here = import.meta.dirname, root = { dataset: { verify: "https://ente.example/verify", wish: "it" } };
Object.assign(globalThis, {
  document: { documentElement: root }, self: globalThis, addEventListener(name, f) { heard[name] = f; }, localStorage: {},
  setInterval: () => 0, history: { pushState(state) { this.state = state; }, replaceState(state) { this.state = state; } },
});
Object.defineProperty(globalThis, "navigator", { value: {
  onLine: false, storage: { persisted: async () => true }, locks: {
    request: (name, how, f) => name === "wallet-taking" ? turn(how, f) : new Promise((ok, no) => {
      if (lock.elsewhere && !how.steal) return ok(f(null));
      if (how.steal) lock.gone?.();
      lock.elsewhere = false;
      lock.gone = () => { lock.elsewhere = true; no(new Error("stolen")); };
      f({});
    }),
  },
} });

// turn is a lock of the browser that several share, or one has alone, each in its turn.
// Who gave up stands in nobody's way; who steals it has it at once, and what the others
// have under way goes on.
let held = [], queue = [];
function turn({ mode, signal, steal }, f) {
  return new Promise((ok, no) => {
    const one = { shared: mode === "shared", ok, no, f };
    signal?.addEventListener("abort", () => {
      if (!queue.includes(one)) return;
      queue = queue.filter((q) => q !== one);
      no(signal.reason);
      next();
    });
    if (steal) for (const h of held.splice(0)) h.no(new DOMException("", "AbortError"));
    if (steal) queue.unshift(one); else queue.push(one);
    next();
  });
}
function next() {
  while (queue[0] && held.every((h) => h.shared && queue[0].shared)) {
    const one = queue.shift();
    held.push(one);
    Promise.resolve({}).then(one.f).then(one.ok, one.no).then(() => {
      held = held.filter((h) => h !== one);
      next();
    });
  }
}
AbortSignal.timeout = (ms) => {
  const c = new AbortController();
  lock.waits = ms;
  lock.tired = () => c.abort(new DOMException("", "TimeoutError"));
  return c.signal;
};

// until waits for what is to come true, in a busy machine too.
export async function until(so) {
  for (let n = 0; n < 1000 && !so(); n++) await new Promise((ok) => setTimeout(ok, 5));
}

// open opens the wallet, once prepare has had what it will find; it gives what the
// modules of testdata show. reload is a tab that the browser had dropped.
export async function open(prepare = () => {}, reload) {
  if (!reload) globalThis.sessionStorage = {};
  const dir = mkdtempSync(join(here, "tab-")), parts = {};
  for (const name of readdirSync(here)) if (name.endsWith(".mjs")) copyFileSync(join(here, name), join(dir, name));
  for (const name of ["page", "screens", "engine"]) Object.assign(parts, await import(join(dir, name + ".mjs")));
  delete root.dataset.on;
  prepare(parts);
  await import(join(dir, "wallet.mjs"));
  return parts;
}
