// A screen is a <template id="s-NAME"> of the shell and a view: an object with the
// texts that the template names. Everything that is put in is text or an attribute,
// never markup.
//
//   data-t   the sentence of a key, its {names} taken from the view
//   data-k   the same for a key that the view holds      data-v   a text of the view
//   data-if  stands only where the view has it ("!x": where not)
//   data-each, data-in   once for each of a list, with it as the view (a text as
//                        "it" and "title"); with one object
//   data-a   attributes, "name:place;…"                  data-do  what a press does, "act:word"
//   data-alt the words for a picture, by their key         data-wait what shows meanwhile
//   data-one no second line for a helper
//
// An attribute that is only there or not, and the inputmode of letters, say "true".

import { $, $$, root, t } from "./page.mjs";

// What data-do names: acts[name](word, view, element). A form gives its fields
// (FormData) instead of the word. acts.trouble is told of what an act throws.
export const acts = {};

const every = { verify: root.dataset.verify };
let line = Promise.resolve(), second;

for (const e of $$("header [data-do]")) hear(e, e.dataset.do);

// whisper sets the helper's language, {code, dir, words}; null for none.
export const whisper = (tongue) => { second = tongue; };

const at = (view, place) => (place[0] === "!" ? !at(view, place.slice(1)) : place.split(".").reduce((v, k) => v?.[k], view));
const add = (view, more) => Object.assign(Object.create(view), more);

function say(e, key, view) {
  e.textContent = t(key, view);
  const other = second?.words[key];
  if (!other || second.code === root.lang || e.closest("[data-one]")) return;
  const textContent = other.replace(/\{(\w+)\}/g, (whole, name) => view[name] ?? whole);
  e.append(Object.assign(document.createElement("small"), { className: "second", lang: second.code, dir: second.dir, textContent }));
}

function set(e, name, value) {
  if ((value ?? false) === false) return;
  if (name === "class") e.classList.add(value);
  else if (name === "svg") e.src = "data:image/svg+xml," + encodeURIComponent(value);
  else e.setAttribute(name, name === "href" ? `#i-${value}` : value);
}

// act runs one act at a time: a press waits its turn, and shows that it was taken. Two
// on one button are one, and what has left the screen meanwhile does nothing. Never
// is the whole page marked: some screen readers are silent about what is busy.
export function act(name, word, view, e = $("#screen h1")) {
  const busy = "aria-busy", done = () => e.removeAttribute(busy);
  if (e.hasAttribute(busy)) return;
  e.setAttribute(busy, true);
  line = line.then(() => e.isConnected && run(name, word, view, e)).then(done, done);
}

// run leaves the screen as it was where something could not be done, with what the
// person has written.
async function run(name, word, view, e) {
  const screen = $("#screen"), before = [...screen.childNodes], { on } = root.dataset;
  if (e.dataset.wait) show("busy", { key: e.dataset.wait });
  try { await acts[name](word, view, e); } catch (err) {
    if (root.dataset.on === "busy") {
      screen.replaceChildren(...before);
      root.dataset.on = on;
      ($("input, textarea", screen) ?? $("h1", screen)).focus({ preventScroll: true });
    }
    acts.trouble(err);
  }
}

function hear(e, what, view) {
  const [name, word] = what.split(/:(.*)/);
  const form = e.matches("form");
  e.addEventListener(form ? "submit" : "click", (event) => {
    event.preventDefault();
    act(name, form ? new FormData(e) : word, view, e);
  });
}

function one(e, view) {
  const d = e.dataset;
  if (d.if && !at(view, d.if)) return e.remove();
  if (d.in) view = add(view, at(view, d.in));
  for (const pair of d.a?.split(";") ?? []) {
    const [name, place] = pair.split(":");
    set(e, name, at(view, place));
  }
  if (d.do) hear(e, d.do, view);
  if (d.live) e.addEventListener("input", () => acts[d.live](e.value));
  if (d.alt) e.alt = t(d.alt);
  if (d.t) say(e, d.t, view);
  else if (d.k) say(e, at(view, d.k) ?? "", view);
  else if (d.v) e.textContent = at(view, d.v);
  fill(e, view);
}

function fill(node, view) {
  for (const e of [...node.children]) {
    const list = e.dataset?.each;
    if (!list) { one(e, view); continue; }
    for (const item of at(view, list) ?? []) {
      const copy = e.cloneNode(true);
      delete copy.dataset.each;
      e.before(copy);
      one(copy, add(view, typeof item === "string" ? { it: item, title: item } : item));
    }
    e.remove();
  }
}

// put fills a place of the page from a template.
export function put(place, name, view, still) {
  const node = $("#s-" + name).content.cloneNode(true);
  fill(node, add(every, view));
  if (still) mend(place, node); else place.replaceChildren(node);
}

// mend changes only what is another now: what is being pressed, or has the focus, stays,
// with what a press does there. So each of a list that can be pressed bears its id.
function mend(place, node) {
  const now = [...node.childNodes], was = [...place.childNodes];
  if (now.length !== was.length) return place.replaceChildren(...now);
  was.forEach((e, i) => {
    const bare = e.cloneNode();
    bare.removeAttribute?.("aria-busy");
    if (bare.isEqualNode(now[i].cloneNode())) mend(e, now[i]); else e.replaceWith(now[i]);
  });
}

// show puts a screen up and the focus on its heading; still, where it is the same
// screen with something new and the person is reading it.
export function show(name, view, still) {
  const screen = $("#screen");
  put(screen, name, view, still);
  root.dataset.on = name;
  const heading = $("h1", screen);
  document.title = `${heading.firstChild?.textContent ?? ""} · ${t("wp.title")}`;
  if (still) return;
  $("#trouble").replaceChildren();
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}
