// What both pages are made with: words and languages, what is said aloud, the
// code in the link, a small store, files for the reader, the service worker.

export const root = document.documentElement;
const HERE = new URL("./", import.meta.url);
const listeners = new Set();
let words = {};

export const lang = () => root.lang;

// t is the sentence of a key with its {names} replaced once. From right to left,
// what is put in keeps its own direction (as i18n.T does).
export function t(key, args = {}) {
  const rtl = root.dir === "rtl";
  return (words[key] ?? key).replace(/\{([a-zA-Z]+)\}/g, (whole, name) => {
    if (args[name] === undefined) return whole;
    const value = String(args[name]);
    return rtl && value ? `\u2068${value}\u2069` : value;
  });
}

export const has = (key) => key in words;

// speak loads the words of a language and sets the page in it. It rejects where
// they cannot be had; the page then stays as it is.
export async function speak(code) {
  const answer = await fetch(new URL(`words.${code}.json`, HERE));
  if (!answer.ok) throw Error(code);
  words = await answer.json();
  root.lang = code;
  root.dir = code === "ar" ? "rtl" : "ltr";
  for (const e of $$("[data-t]")) e.textContent = t(e.dataset.t);
  for (const e of $$("[data-t-label]")) e.setAttribute("aria-label", t(e.dataset.tLabel));
  for (const select of $$("select[data-languages]")) select.value = code;
  for (const f of listeners) f(code);
}

// onSpeak calls f after each change of language: what a script has written must
// be written again.
export function onSpeak(f) { listeners.add(f); }

export const $ = (selector, from = document) => from.querySelector(selector);
export const $$ = (selector, from = document) => from.querySelectorAll(selector);

// remember keeps the reader's choice of a language for both pages of this origin.
export function remember(code) {
  try { localStorage.lang = code; } catch { /* private mode */ }
}

// announce says a text to whoever listens to the page instead of looking at it.
export function announce(text) {
  const live = $("#live");
  live.textContent = "";
  setTimeout(() => { live.textContent = text; }, 60);
}

// link is the code that the page was opened with, once; "" without one. Later
// ones, in the same tab, are handed to f. What names a part of the page is none.
export function link(f) {
  const code = (href) => (document.getElementById(href.split("#")[1]) ? "" : href);
  addEventListener("hashchange", () => {
    const href = location.href;
    if (location.hash.length < 2 || !code(href)) return;
    history.replaceState(history.state, "", location.pathname + location.search);
    f(href);
  });
  return window.takeLink ? code(window.takeLink()) : "";
}

// keep opens a store of the browser: get, set, drop and change (which puts f of
// what is there, and no other tab between), each a promise that rejects where the browser keeps nothing (private mode, no room). act does
// several things in one transaction, which is on the disk when it resolves.
export function keep(name) {
  let opened;
  const open = () => opened ??= new Promise((ok, no) => {
    const r = indexedDB.open(name, 1);
    r.onupgradeneeded = () => r.result.createObjectStore("kept");
    r.onsuccess = () => { r.result.onversionchange = () => { r.result.close(); opened = null; }; ok(r.result); };
    r.onerror = () => { opened = null; no(r.error); };
  });
  const act = (mode, f) => open().then((db) => new Promise((ok, no) => {
    const tx = db.transaction("kept", mode, { durability: "strict" });
    const r = f(tx.objectStore("kept"));
    tx.oncomplete = () => ok(r.result);
    tx.onabort = tx.onerror = () => no(tx.error);
  }));
  return {
    name, act,
    get: (key) => act("readonly", (s) => s.get(key)),
    set: (key, value) => act("readwrite", (s) => s.put(value, key)),
    change: (key, f) => act("readwrite", (s) => {
      const r = s.get(key);
      r.onsuccess = () => s.put(f(r.result), key);
      return r;
    }),
    drop: (key) => act("readwrite", (s) => s.delete(key)),
  };
}

// save hands the reader a file.
export function save(name, type, data) {
  const url = URL.createObjectURL(new Blob([data], { type }));
  const a = Object.assign(document.createElement("a"), { href: url, download: name });
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

// work registers the service worker. A newer release waits until idle() says that
// nothing is open which it could disturb; then the page begins anew with it.
export async function work(idle) {
  const workers = navigator.serviceWorker;
  if (!workers) return null;
  const scope = new URL(root.dataset.scope || "./", HERE);
  try {
    const known = await workers.register(new URL("sw.js", HERE), { scope, updateViaCache: "none" });
    let began = Boolean(workers.controller), late = false; // late: it came while something was open
    const anew = () => { if (late && idle()) location.reload(); };
    workers.addEventListener("controllerchange", () => { late = began; anew(); began = true; });
    const turn = () => {
      anew();
      if (known.waiting && idle()) known.waiting.postMessage("skip");
      if (known.active) retire(known);
    };
    known.addEventListener("updatefound", () => known.installing?.addEventListener("statechange", turn));
    addEventListener("visibilitychange", () => { if (!document.hidden && idle()) { turn(); known.update().catch(() => {}); } });
    turn();
    return known;
  } catch { return null; }
}

// retire ends what an older release had registered with another scope: the longer
// one would win. It waits for the new one, which keeps its files in the same place.
async function retire({ scope, active }) {
  for (const r of await navigator.serviceWorker.getRegistrations()) {
    if (r.scope !== scope && r.active?.scriptURL === active.scriptURL) r.unregister();
  }
}

// ahead asks the service worker for what only some need, when nobody waits and
// the reader does not save data.
export function ahead() {
  if (navigator.connection?.saveData) return;
  const ask = () => navigator.serviceWorker?.ready.then((r) => r.active?.postMessage("ahead"));
  (window.requestIdleCallback || ((f) => setTimeout(f, 5000)))(ask, { timeout: 20000 });
}
