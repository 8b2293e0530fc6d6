// What a page trusts: the root that is a part of it, and the newest bundle signed
// under that root. The engine judges every bundle; this module keeps the newest,
// asks for a newer one, and notices what the engine cannot see.
//
//   const trust = await openTrust({ call, store, lang })
//   trust.state     "ready" | "none" (no root) | "missing" (no bundle) | "refused"
//   trust.origin    as trust.open of the engine gives it, when ready
//   trust.notices   codes of what is to be told (see below)
//   trust.checks    what the device and the bundle come to, unless all is well
//   trust.doubted   the clock of this device is not the network's
//   trust.coming    the bundle that was asked for when the page was opened, before
//                   anybody could check anything: a promise of what renew answers
//   await trust.renew()   asks for a newer bundle; answers "newer", "same",
//                         "older", "refused" or "offline"
//   trust.askedAt   when one was last asked for, by Date.now()
//   await trust.briefly()   until what is coming is here, 1.5 s at most
//   await trust.catchUp()   until what another tab has kept is open, and what is open
//                         was judged by the clock of this hour; it asks nobody
//   trust.isStale   what is open was judged by another hour's clock
//   await trust.speak(lang)   opens again: another language, or a new engine
//   trust.onChange = (came) => {}    something was asked for, and this came
//   await trust.remember(seen)  what the engine has seen since
//
// Notices: "evicted" (the browser has emptied its store), "keeps_nothing" (it
// keeps nothing at all), "older" (a bundle older than one seen was offered),
// "refused" (one that is not the authority's), "parts" (a part does not count),
// "clock" (more than two hours from the network's time).

const HERE = new URL("./", import.meta.url);
const PATIENCE = 20000;
const MOMENT = 1500;
const HOUR = 3600e3;

export async function openTrust({ call, store, lang }) {
  const root = await fetch(new URL("trust.json", HERE)).then((answer) => answer.ok && answer.json()).catch(() => null);
  const trust = new Trust(call, store, lang, root);
  if (!root) return trust;
  const news = globalThis.navigator?.onLine === false ? null : trust.ask();
  const taken = await trust.begin(news);
  if (news && !taken) trust.coming = trust.take(news);
  return trust;
}

class Trust {
  constructor(call, store, lang, root) {
    Object.assign(this, { call, store, lang, root, state: root ? "missing" : "none", notices: new Set(), doubted: false, checks: [], coming: Promise.resolve("offline"), askedAt: 0, onChange() {} });
  }

  // begin takes the newest bundle at hand: what is kept, else what came with the
  // page. It tells whether that was the answer to what has just been asked.
  async begin(news) {
    const kept = await this.read();
    if (kept?.bundle && await this.open(kept.bundle, kept.lists, kept.seen).catch(() => false)) return false;
    const one = !this.root.url && await news;
    try {
      const shipped = await this.fetch(new URL(this.root.bundle, HERE), one || undefined);
      if (shipped) await this.open(shipped.bytes, shipped.lists, kept?.seen) && await this.write();
    } catch { /* no network, and nothing came with the page */ }
    return Boolean(one);
  }

  async read() {
    try {
      const kept = await this.store.get("trust:" + this.root.anchor);
      if (!kept && marks()[this.store.name]) this.notices.add("evicted");
      return kept;
    } catch {
      this.notices.add("keeps_nothing");
      return null;
    }
  }

  // write keeps the newer of this bundle and the one that another tab has kept,
  // and the larger of each number seen: nothing that was seen is forgotten.
  async write() {
    const { bytes: bundle, lists, seen } = this;
    try {
      await this.store.change("trust:" + this.root.anchor, (kept) => ({ ...(this.isNewer(kept) ? kept : { bundle, lists }), seen: both(kept?.seen, seen) }));
      marks()[this.store.name] = 1;
    } catch { this.notices.add("keeps_nothing"); }
  }

  // open hands a bundle to the engine. One that is refused leaves the one before.
  async open(bytes, lists, seen = this.seen) {
    const out = await this.call("trust.open", {
      ...this.packed(bytes, lists), seen, lang: this.lang,
    });
    if (!out.origin) {
      this.refused = out.refused?.code === "older" ? "older" : "refused";
      if (this.state !== "ready") this.state = "refused";
      return false;
    }
    Object.assign(this, { bytes, lists, opened: Date.now(), seen: out.seen || seen, origin: out.origin, checks: out.checks.filter((c) => c.colour !== "green"), state: "ready" });
    this.notices[out.problems.length ? "add" : "delete"]("parts");
    return true;
  }

  packed(bytes, lists = {}) {
    return { anchor: this.root.anchor, bundle: base64(bytes), lists: Object.fromEntries(Object.entries(lists).map(([k, v]) => [k, base64(v)])) };
  }

  // speak opens again: for the words of another language, a new engine, another hour.
  async speak(lang = this.lang) {
    Object.assign(this, { lang, opened: Date.now() });
    if (this.bytes) await this.open(this.bytes, this.lists);
  }

  async remember(seen) {
    if (!seen || JSON.stringify(seen) === JSON.stringify(this.seen)) return;
    this.seen = seen;
    await this.write();
  }

  // isNewer tells of what is kept: another tab has come further.
  isNewer(kept) { return reached(kept?.seen) > reached(this.seen); }

  where() { return new URL(this.root.url || this.root.bundle, HERE); }

  // ask sends for the bundle; the answer, null without a network, waits to be taken.
  ask() {
    this.askedAt = Date.now();
    this.pause = null;
    return get(this.where()).catch(() => null);
  }

  // renew goes one after the other: of two answers on their way together, the
  // earlier one would be refused as older. Who asks while one waits its turn has that one.
  renew() {
    return this.next ??= this.coming = this.coming.catch(() => {}).then(() => {
      this.next = null;
      return this.root ? this.take(this.ask()) : "offline";
    });
  }

  // briefly waits for a bundle that is on its way, but nobody waits long for it.
  briefly() {
    this.pause ??= new Promise((ok) => { setTimeout(ok, MOMENT); });
    return Promise.race([this.coming, this.pause]);
  }

  get isStale() { return Math.abs(Date.now() - this.opened) > HOUR; }

  // catchUp: ages, ends and how old a status is are of the moment of opening.
  async catchUp() {
    const kept = this.root && await this.read();
    try {
      if (this.isNewer(kept)) await this.open(kept.bundle, kept.lists, kept.seen);
      else if (this.isStale) await this.speak();
      else return;
      this.onChange();
    } catch { /* the engine has fallen: the next call begins anew */ }
  }

  async take(news) {
    await this.catchUp();
    const answer = await news;
    const got = answer && !answer.headers.has("X-Kept") && await this.fetch(this.where(), answer).catch(() => null);
    let came = "offline"; // also where the engine falls, which refuses nothing
    if (got && !got.more && this.bytes && same(got.bytes, this.bytes)) came = "same";
    else if (got) {
      const good = await this.open(got.bytes, got.lists).catch(() => {});
      if (good) came = "newer";
      else if (good === false) this.notices.add(came = this.refused);
    }
    if (came === "newer" || came === "same" && this.notices.has("evicted")) await this.write();
    if (["same", "newer"].includes(came)) for (const code of ["older", "refused", "evicted"]) this.notices.delete(code);
    this.onChange(came);
    return came;
  }

  // fetch gives a bundle and, of a large one, the lists beside it; more: some were not
  // held, or were damaged. What the service worker had kept counts only as a beginning.
  async fetch(url, answered) {
    const answer = answered ?? await get(url);
    const kept = answer.headers.has("X-Kept");
    if (!answer.ok) return null;
    if (!kept) this.compareClock(answer.headers.get("Date"));
    const { bytes } = answer;
    const { names = [], held } = await this.call("trust.lists", this.packed(bytes, this.lists)).catch(() => ({}));
    const lists = {};
    let more = false;
    for (const name of names) {
      const list = held.includes(name) ? this.lists[name] : await get(`${url.href}.lists/${name}`).then((a) => a.bytes).catch(() => null);
      if (!list) continue;
      lists[name] = list;
      more ||= !held.includes(name);
    }
    return { bytes, lists: names.length ? lists : undefined, more };
  }

  // The network's clock, where it tells one (RFC 9110 section 6.6.1).
  compareClock(date) {
    const there = Date.parse(date || "");
    if (Number.isNaN(there)) return;
    this.doubted = Math.abs(there - Date.now()) > 2 * HOUR;
    this.notices[this.doubted ? "add" : "delete"]("clock");
  }
}

// get reads an answer whole at once: the engine may not be there yet.
async function get(url) {
  const answer = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE), credentials: "omit" });
  return { ok: answer.ok, headers: answer.headers, bytes: answer.ok && new Uint8Array(await answer.arrayBuffer()) };
}

// reached is the number of the bundle seen; one that runs a hundred days ahead of
// its date counts for nothing, as in the engine.
const reached = (seen) => (seen?.seq * 1e3 <= Date.parse(seen?.newest) + 864e7 ? seen.seq : 0);
const both = (a, b) => (a && b ? { seq: Math.max(reached(a), b.seq), newest: a.newest > b.newest ? a.newest : b.newest } : a || b);

const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);

export function base64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

// marks is outside of the store, where each page of an origin has its own: it tells an
// emptied store from a new reader.
const marks = () => { try { return localStorage; } catch { return {}; } }; // private mode
