// page.mjs for tests: a store in memory with the browser's transactions, and
// elements that take everything. Tabs that share a shelf have one store.
export const kept = globalThis.shelf ?? new Map(), quota = { full: false, room: Infinity };
const weight = (v) => [v].flat().reduce((n, part) => n + (part.state ?? part).length, 0);


export const keep = () => {
  const act = async (mode, f) => {
    const before = new Map(kept);
    let aborted = false, refused;
    const done = (result) => {
      const r = { result };
      queueMicrotask(() => r.onsuccess?.());
      return r;
    };
    const store = {
      get: (k) => done(kept.get(k)),
      put: (v, k) => {
        if (quota.full || weight(v) > quota.room) refused = Object.assign(new Error("full"), { name: "QuotaExceededError" });
        return done(kept.set(k, v));
      },
      delete: (k) => done(kept.delete(k)),
      clear: () => done(kept.clear()),
      transaction: { abort: () => { aborted = true; } },
    };
    const r = f(store);
    await new Promise((ok) => setTimeout(ok));
    if (!aborted && !refused) return r.result;
    kept.clear();
    for (const [k, v] of before) kept.set(k, v);
    throw refused ?? null;
  };
  return {
    act,
    get: (key) => act("readonly", (s) => s.get(key)),
    set: (key, value) => act("readwrite", (s) => s.put(value, key)),
    drop: (key) => act("readwrite", (s) => s.delete(key)),
  };
};

export const seeing = {}; // what is said beside the camera
const spoken = [];
const needs = { "s-home": "wallet", "s-words": "pair", "s-check": "words", "s-say": "", "s-host": "invited", "s-offer": "offer", "s-got": "got", "s-tabs": "away" };
export const root = globalThis.document?.documentElement, $$ = () => globalThis.pictures ?? [];
export const $ = (name) => name === "#screen noscript" ? globalThis.opened : name === "#seeing" ? seeing : { dataset: { needs: needs[name.slice(1)] }, replaceChildren() {}, scrollIntoView() {}, textContent: "" };
export const ahead = () => {}, has = (key) => /scan\.(parts|other)/.test(key), lang = () => "en", link = (f) => { globalThis.follow = f; return globalThis.opened?.includes("#") ? opened : ""; }, onSpeak = (f) => { spoken.push(f); },
  remember = () => {}, save = () => {}, speak = async (code) => { for (const f of spoken) f(code); }, t = (key, { have } = {}) => have ? `${have}: ${key}` : key, work = (idle) => { globalThis.idle = idle; };
