// Screens: sections of the page, one of them showing; and templates of the page,
// filled from a view. Everything that is put in is a text or an attribute, never
// markup.
//
//   data-t     the sentence of a key, its {names} taken from the view
//   data-k     the same for a key that the view holds     data-v   a text of the view
//   data-if    stands only where the view has it ("!x": where not)
//   data-each  once for each of a list, with it alone as the view
//   data-a     attributes, "name:place;…"; href is one of the page's symbols
import { $, lang, onSpeak, remember, speak, t } from "./page.mjs";

const root = document.documentElement;
const leaving = [];
let current = "";

export const screen = () => current;

// onLeave calls f(from) when a screen gives way to another: to stop a camera.
export const onLeave = (f) => { leaving.push(f); };

// go shows a screen, puts the focus on its heading (or on what has data-focus)
// and lets the browser's "back" return to the one before.
export function go(name, { replace = false, focus = true } = {}) {
  history[replace || name === current ? "replaceState" : "pushState"]({ screen: name }, "");
  reveal(name, focus);
}

function reveal(name, focus) {
  if (current !== name) for (const f of leaving) f(current);
  current = root.dataset.on = name;
  for (const s of document.querySelectorAll("section[data-screen]")) s.hidden = s.dataset.screen !== name;
  const shown = $(`section[data-screen="${name}"]`);
  entitle();
  const target = focus && ($("[data-focus]", shown) || $("h1", shown));
  if (!target) return;
  if (!target.matches("button, textarea")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  scrollTo(0, 0);
}

function entitle() {
  document.title = [$(`section[data-screen="${current}"] h1`)?.textContent, "Passport"].filter(Boolean).join(" · ");
}

// onBack calls f(name) when the reader goes back or forward; f answers the name of
// the screen to show instead, or nothing.
export function onBack(f) {
  addEventListener("popstate", ({ state }) => { if (state?.screen) reveal(f(state.screen) || state.screen, true); });
}

// greet speaks the language that fits: of ?lang=, of an earlier choice, of a page
// from a server (which has chosen), of the browser. It wires the language menu.
export async function greet() {
  const menu = $("select[data-languages]");
  const spoken = [...menu.options].map((o) => o.value);
  const wished = [new URLSearchParams(location.search).get("lang"), root.dataset.wish, root.dataset.at && lang(),
    ...navigator.languages.map((l) => l.split("-")[0]), lang()];
  onSpeak(entitle);
  menu.addEventListener("change", () => speak(menu.value).then(() => remember(lang()), () => { menu.value = lang(); }));
  await speak(wished.find((l) => spoken.includes(l)));
}

const at = (view, place) => (place[0] === "!" ? !at(view, place.slice(1)) : place.split(".").reduce((v, k) => v?.[k], view));

// put fills a place of the page from the template of that name.
export function put(place, name, view) {
  const node = $(`#t-${name}`).content.cloneNode(true);
  fill(node, view);
  $(place).replaceChildren(node);
}

function fill(node, view) {
  for (const e of [...node.children]) {
    const list = e.dataset.each;
    if (!list) { one(e, view); continue; }
    for (const item of at(view, list) ?? []) {
      const copy = e.cloneNode(true);
      delete copy.dataset.each;
      e.before(copy);
      one(copy, item);
    }
    e.remove();
  }
}

function one(e, view) {
  const { if: want, t: key, k, v, a } = e.dataset;
  if (want && !at(view, want)) return e.remove();
  for (const pair of a?.split(";") ?? []) {
    const [name, place] = pair.split(":");
    const value = at(view, place);
    if (value !== undefined && value !== false) e.setAttribute(name, name === "href" ? `#i-${value}` : value);
  }
  if (key || k) e.textContent = t(key || at(view, k), view);
  else if (v) e.textContent = at(view, v) ?? "";
  delete e.dataset.t; // said already, with its names
  return fill(e, view);
}
