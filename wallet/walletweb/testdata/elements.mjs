// page.mjs for tests of screens.mjs: elements as a browser has them, as far as a screen
// needs them.
class Element {
  constructor(tag, attributes = {}) { Object.assign(this, { tag, attributes, childNodes: [], heard: {} }); }

  get dataset() {
    const name = (k) => "data-" + k;
    return new Proxy(this.attributes, { get: (all, k) => all[name(k)], deleteProperty: (all, k) => delete all[name(k)], set: (all, k, v) => { all[name(k)] = v; return true; } });
  }
  get children() { return this.childNodes.filter((e) => e.tag); }
  get content() { return this; }
  get firstChild() { return this.childNodes[0]; }
  get isConnected() { return this === body || Boolean(this.parent?.isConnected); }
  get textContent() { return this.tag ? this.childNodes.map((e) => e.textContent).join("") : this.text; }
  set textContent(text) { this.replaceChildren(Object.assign(new Element(), { text })); }
  getAttribute(k) { return this.attributes[k]; }
  setAttribute(k, v) { this.attributes[k] = String(v); }
  hasAttribute(k) { return k in this.attributes; }
  matches(tag) { return this.tag === tag; }
  closest() { return null; }
  focus() {}
  addEventListener(name, f) { this.heard[name] = f; }
  press() { this.heard.click({ preventDefault() {} }); }

  cloneNode(deep) {
    const copy = Object.assign(new Element(this.tag, { ...this.attributes }), this.text && { text: this.text });
    if (deep) copy.append(...this.childNodes.map((e) => e.cloneNode(true)));
    return copy;
  }
  isEqualNode(e) {
    const flat = (x) => JSON.stringify([x.tag, x.text, Object.entries(x.attributes).sort(), x.childNodes.map(flat)]);
    return flat(this) === flat(e);
  }
  append(...all) {
    for (const e of all.flatMap((e) => (e.tag === "fragment" ? [...e.childNodes] : e))) {
      e.remove();
      e.parent = this;
      this.childNodes.push(e);
    }
  }
  replaceChildren(...all) {
    for (const e of [...this.childNodes]) e.remove();
    this.append(...all);
  }
  before(...all) {
    const { parent } = this;
    for (const e of all) {
      e.remove();
      e.parent = parent;
      parent.childNodes.splice(parent.childNodes.indexOf(this), 0, e);
    }
  }
  replaceWith(...all) {
    this.before(...all);
    this.remove();
  }
  remove() {
    if (this.parent) this.parent.childNodes = this.parent.childNodes.filter((e) => e !== this);
    this.parent = null;
  }
  querySelector(name) { return [...this.all()].find((e) => e.tag === name || "#" + e.attributes.id === name); }
  * all() {
    for (const e of this.children) {
      yield e;
      yield* e.all();
    }
  }
}
// A text has no attributes to take away.
Object.defineProperty(Element.prototype, "removeAttribute", { get() { return this.tag && ((k) => { delete this.attributes[k]; }); } });

// parse reads the HTML of a shell; what its templates insert stays as text.
export function parse(html) {
  const top = new Element("fragment");
  let at = top;
  for (const [, end, tag, attributes, text] of html.matchAll(/<(\/?)(\w+)((?: [\w-]+(?:="[^"]*")?)*)>|([^<]+)/g)) {
    if (text) at.append(Object.assign(new Element(), { text }));
    else if (end) at = at.parent;
    else {
      const e = new Element(tag, Object.fromEntries([...attributes.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map((m) => [m[1], m[2] ?? ""])));
      at.append(e);
      at = e;
    }
  }
  return top;
}

const body = parse('<main><div id="trouble"></div><div id="screen"><h1></h1></div></main>').firstChild;
export const root = new Element("html"), templates = {};
export const $ = (name, from = body) => {
  const [first, then] = name.split(" ");
  if (first.startsWith("#s-")) return templates[first.slice(3)];
  const found = from.querySelector(first);
  return then ? found?.querySelector(then) : found;
};
export const $$ = () => [];
export const t = (key) => key;
