// The service worker: keeps one release of the page, whole, and answers from it
// whether there is a network or not. The line before this one names the release.
const HERE = new URL("./", self.location);
// In a folder of files the page stands beside its worker; on a server one above.
const SHELL = registration.scope === HERE.href ? HERE.href : new URL("../" + RELEASE.shell, HERE).href;
// Another page of this kind, in another folder of the same server, has its own.
const PREFIX = `passport-${RELEASE.name} ${new URL(SHELL).pathname} `;
const CACHE = PREFIX + RELEASE.version;
const { need, later, fresh } = RELEASE;
const sums = new Map([...need, ...later].map((name, n) => [name, RELEASE.sums[n]]));
const open = () => caches.open(CACHE);
const urlOf = (name) => HERE.href + name;

// A release is kept whole or not at all: one file that is missing or another
// release's (the server is being renewed), and the old one stays.
self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await open();
    await Promise.all([keepShell(cache), ...need.map((name) => keepFile(cache, name))]);
    await Promise.all(fresh.map((name) => keepFresh(cache, urlOf(name)).catch(() => {})));
  })());
});

// Another release's caches are of no use to anybody: its pages are gone.
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
    }
    await clients.claim();
  })());
});

// "skip": the page has nothing open that a new release could disturb; another
// window may have.
// "ahead": fetch what only some need, while nobody waits.
self.addEventListener("message", (event) => {
  if (event.data === "skip") event.waitUntil(skip());
  if (event.data === "ahead") event.waitUntil(ahead());
});

async function skip() {
  const all = await clients.matchAll({ type: "window", includeUncontrolled: true });
  if (all.filter(({ url }) => url.startsWith(registration.scope)).length < 2) await skipWaiting();
}

// The page names its release; every other file has its SHA-256, 9 bytes of it.
async function keepShell(cache) {
  const answer = await fetch(SHELL, { cache: "no-cache" });
  if (!answer.ok || !(await answer.clone().text()).includes(`"${RELEASE.version}"`)) throw Error("page of another release");
  await cache.put(SHELL, answer);
}

async function keepFile(cache, name) {
  const answer = await fetch(urlOf(name), { cache: "no-cache" });
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.clone().arrayBuffer()), 0, 9);
  if (!answer.ok || btoa(String.fromCharCode(...sum)) !== sums.get(name)) {
    registration.update().catch(() => {});
    throw Error(`${name} of another release`);
  }
  // No room: it works while there is a network.
  await cache.put(urlOf(name), answer.clone()).catch((full) => { if (!registration.active) throw full; });
  return answer;
}

async function ahead() {
  const cache = await open();
  for (const name of later) {
    if (await cache.match(urlOf(name))) continue;
    try { await keepFile(cache, name); } catch { return; }
  }
}

async function keepFresh(cache, url) {
  const answer = await fetch(url, { cache: "no-store" });
  // No room: who asks has the newest all the same.
  if (answer.ok) await cache.put(url, answer.clone()).catch(() => {});
  return answer;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== HERE.origin) return;
  url.hash = url.search = "";
  if (event.request.mode === "navigate") {
    // What the scope names is the page too: its short address, for printed codes.
    if ([SHELL, registration.scope, HERE.href + "index.html"].includes(url.href)) event.respondWith(shell(event.request));
    return;
  }
  if (!url.href.startsWith(HERE.href)) return;
  const name = url.href.slice(HERE.href.length);
  if (sums.has(name)) event.respondWith(file(name));
  else if (fresh.includes(name)) event.respondWith(fromNetwork(url.href));
});

const shell = async (request) => await (await open()).match(SHELL, { ignoreVary: true }) ?? fetch(request);

async function file(name) {
  const cache = await open();
  return await cache.match(urlOf(name), { ignoreVary: true }) ?? keepFile(cache, name);
}

// The bundle: the newest that can be had, else the one that came with the page,
// which says so of itself.
async function fromNetwork(url) {
  const cache = await open();
  try {
    const answer = await keepFresh(cache, url);
    if (answer.ok) return answer;
  } catch { /* no network */ }
  const kept = await cache.match(url);
  if (!kept) return Response.error();
  const headers = new Headers(kept.headers);
  headers.set("X-Kept", "1");
  return new Response(kept.body, { status: 200, headers });
}
