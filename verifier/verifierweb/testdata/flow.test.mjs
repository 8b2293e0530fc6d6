// The flow of the page, of the files as they are shipped (PAGE): what is on the
// screen when a list, a clock or a language changes while nobody looks at it. The
// browser is as small as the page allows; of each bundle the engine knows the colour.
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {beforeEach} from 'node:test';
import {pathToFileURL} from 'node:url';

class Element {
  dataset = {}; children = []; options = []; heard = {}; hidden = false; textContent = ''; value = '';
  constructor(dataset = {}, ...children) { Object.assign(this, {dataset}).append(...children); }
  append(...nodes) { for(const node of nodes) this.children.push(Object.assign(node, {parent: this})); }
  prepend(node) { this.children.unshift(Object.assign(node, {parent: this})); }
  replaceChildren(...nodes) { this.children = []; this.append(...nodes); }
  before(node) { this.parent.children.splice(this.parent.children.indexOf(this), 0, Object.assign(node, {parent: this.parent})); }
  remove() { this.parent.children.splice(this.parent.children.indexOf(this), 1); }
  cloneNode() { return new Element({...this.dataset}, ...this.children.map(e => e.cloneNode())); }
  get content() { return this; }
  get text() { return [this.textContent, ...this.children.map(e => e.text)].join(' ').trim(); }
  addEventListener(name, f) { (this.heard[name] ??= []).push(f); }
  tell(name, event = {}) { for(const f of this.heard[name] ?? []) f({preventDefault() {}, ...event}); }
  querySelector() { return null; }
  querySelectorAll() { return []; }
  setAttribute() {}
  removeAttribute() {}
  focus() {}
  click() {}
}

// What the page has by its name, and of its templates what the stories look at.
const named = new Map(Object.entries({
  '#t-answer': new Element({}, new Element({v: 'word'})),
  '#t-table': new Element({}, new Element({each: 'rows', k: 'badge'})),
  '#t-trust': new Element({}, new Element({v: 'when'})),
  '#t-notices': new Element({}, new Element({each: 'all', v: 'words'}))
}));
const place = name => named.get(name) ?? named.set(name, new Element()).get(name);
const html = {dataset: {checker: 'true'}, lang: 'en', dir: 'ltr'}, page = new Element(), view = new Element();
place('select[data-languages]').options = [{value: 'en'}, {value: 'it'}];
Object.assign(page, {documentElement: html, createElement: () => new Element(), getElementById: () => null,
  querySelector: name => [...place('#answer').children, ...place('#table').children].find(e => e.id && name === `#${e.id}`) ?? (name.includes(' ') ? null : place(name))});

const past = {
  all: [], at: 0,
  replaceState(state) { this.all[this.at] = state; },
  pushState(state) { this.all.splice(++this.at, Infinity, state); },
  go(by) { this.at += by; view.tell('popstate', {state: this.all[this.at]}); },
  back() { this.go(-1); }
};

// The network has one bundle at a time. The engine calls everything green by an
// even one and red by an odd one, and nothing valid with a clock that is doubted.
let offered = 20, skew = 0, held = null, gates = [], arrival = null, sent = 0, falls = false;
const asked = [];
const issued = new Date(new Date().setHours(0, -1, 0, 0)).toISOString(); // last evening;
const says = {
  'trust.lists': () => ({names: []}),
  'trust.open': function({bundle}) {
    this.seq = Number(atob(bundle).split(' ')[1]);
    return {origin: {seq: this.seq, name: 'Regione', ageDays: 0, issuedAt: issued}, problems: [], checks: []};
  },
  verify({inputs, clockDoubted, lang}) {
    asked.push({inputs, lang});
    const colour = inputs[0].text === 'always good' ? 'green' : clockDoubted ? 'grey' : this.seq % 2 ? 'red' : 'green';
    const one = {verdict: colour, colour, headline: lang, reason: lang, answers: [], documents: [], checks: [], missing: []};
    return {csv: colour, results: inputs.map(({name, text, texts}) => ({name, view: one, problem: (text ?? texts?.[0]) === 'nothing' ? {code: 'verify_unreadable'} : undefined}))};
  }
};
class Engine {
  constructor() { queueMicrotask(() => this.onmessage({data: {ready: true}})); }
  async postMessage({id, name, input, what}) {
    if(name === 'verify') await (gates.shift() ?? held);
    if(name === 'verify' && falls) return this.onerror({message: 'fell'});
    const answer = what ? {texts: [], text: 'token'} : JSON.stringify(says[name].call(this, input));
    setImmediate(() => this.onmessage({data: {id, answer}}));
  }
  terminate() { this.onmessage = () => {}; }
}

Object.assign(globalThis, {
  window: globalThis, document: page, history: past, location: new URL('https://passport.example/verify'), Worker: Engine, scrollTo() {}, requestIdleCallback() {},
  addEventListener: (name, f) => view.addEventListener(name, f),
  fetch: async url => {
    const file = String(url).split('/').at(-1);
    if(file.startsWith('words.')) return new Response(await readFile(join(process.env.PAGE, file)));
    if(file === 'trust.json') return Response.json({anchor: 'root', bundle: 'trust.bundle'});
    const slow = arrival;
    arrival = null;
    sent++;
    await slow;
    return new Response(`bundle ${offered}`, {headers: {date: new Date(Date.now() + skew).toUTCString()}});
  }
});
Object.defineProperty(globalThis, 'navigator', {value: {languages: ['en']}, configurable: true});
const {speak} = await import(pathToFileURL(join(process.env.PAGE, 'page.mjs')));
await import(pathToFileURL(join(process.env.PAGE, 'verify.mjs')));

const until = async (done, what) => {
  for(let tries = 0; !done(); tries++) {
    assert.ok(tries < 4000, `${what}, not ${html.dataset.on}: ${place('#answer').text}`);
    await new Promise(later => setTimeout(later, 5));
  }
};
const shown = (name, words = /./) => until(() => html.dataset.on === name && (!named.has(`#${name}`) || words.test(place(`#${name}`).text)), `${name} ${words}`);
const press = what => page.tell('click', {target: {closest: () => ({dataset: {do: what}})}});
const type = text => {
  place('#text').value = text;
  place('#typed').tell('submit');
};
const bring = (...names) => {
  place('#files').files = names.map(name => ({name}));
  place('#files').tell('change');
};
const told = () => page.querySelector('#news').text;

// renewed asks the network, which the page says, and waits until it knows what came.
const renewed = async (by = 0) => {
  offered += by;
  const said = place('#renewed');
  said.textContent = '';
  press('renew');
  const asking = said.textContent;
  assert.match(asking, /Looking/);
  await until(() => said.textContent !== asking, 'renewed');
};

// Each story begins with a green answer, and has left it.
beforeEach(async () => {
  await until(() => html.dataset.on, 'begun');
  [skew, held, gates, arrival, falls] = [0, null, [], null, false];
  press('go:start');
  await renewed(offered % 2 ? 1 : 2);
  type('token');
  await shown('answer', /^VALID/);
  press('again');
  await shown('start');
  asked.length = 0;
});

test('a green answer does not come back over a list that revokes, and is not shown while it is judged again', async () => {
  await renewed(1);
  let open;
  held = new Promise(go => { open = go; });
  past.back();
  assert.equal(html.dataset.on, 'wait');
  open();
  await shown('answer', /NOT VALID/);
  assert.match(told(), /New list/);
});

test('nor does it over a clock that the network has found wrong', async () => {
  skew = 3 * 3600e3;
  await renewed();
  past.back();
  assert.equal(html.dataset.on, 'wait');
  await shown('answer', /UNKNOWN/);
  assert.match(told(), /clock/);
});

test('nor forward, nor where it was left while it was judged again', async () => {
  past.back();
  await shown('answer', /^VALID/);
  let open;
  held = new Promise(go => { open = go; });
  await renewed(1);
  press('go:start');
  open();
  await until(() => asked.length === 1, 'judged');
  await new Promise(setImmediate);
  past.back();
  assert.equal(html.dataset.on, 'wait');
  await shown('answer', /NOT VALID/);
  past.back();
  past.go(1);
  assert.equal(html.dataset.on, 'answer', 'it is by the list at hand');
});

test('an answer by the list at hand is shown at once, and nobody asks again', async () => {
  await renewed();
  past.back();
  assert.equal(html.dataset.on, 'answer');
  assert.equal(asked.length, 0);
});

test('a table that was left has the rows of the list at hand, as has the answer that it was left for', async () => {
  bring('one.jwt', 'two.jwt');
  await shown('table', /VALID/);
  press('open:0');
  await shown('answer', /^VALID/);
  await renewed(1);
  await shown('answer', /NOT VALID/);
  past.back();
  await shown('table');
  assert.equal(place('#table').text.match(/NOT VALID/g)?.length, 2, place('#table').text);
  await renewed(1);
  await until(() => !/NOT VALID/.test(place('#table').text), 'the table anew');
  past.go(1);
  assert.equal(html.dataset.on, 'start', 'one of its rows begins anew');
});

test('a table that another question has put away does not come back', async () => {
  bring('one.jwt', 'two.jwt');
  await shown('table', /VALID/);
  type('token');
  await shown('answer', /^VALID/);
  await speak('it');
  await until(() => asked.at(-1).lang === 'it' && /VALIDO/.test(place('#answer').text), 'in Italian');
  past.back();
  assert.equal(html.dataset.on, 'start');
  await speak('en');
});

test('what could not be read leaves the answer before it as it is, and that one is judged again', async () => {
  type('nothing');
  await shown('write');
  await renewed(1);
  past.back();
  past.back();
  await shown('answer', /NOT VALID/);
  assert.deepEqual(asked.at(-1).inputs, [{name: '', text: 'token'}]);
});

test('an answer that was left is told in the language that was chosen since', async () => {
  await speak('it');
  past.back();
  await shown('answer', /^VALIDO/);
  await speak('en');
  await shown('answer', /^VALID$/);
});

test('the buttons of an answer that was left do what they say', async () => {
  past.back();
  await shown('answer', /^VALID/);
  press('audience');
  await until(() => asked.length === 1, 'asked');
  await shown('answer', /^VALID/);
});

test('who goes back to an answer while another question waits is not shown the answer to that one', async () => {
  past.back();
  await shown('answer', /^VALID/);
  let open;
  held = new Promise(go => { open = go; });
  await renewed(1);
  type('always good');
  await shown('wait');
  past.back();
  open();
  await shown('answer', /NOT VALID/);
  assert.deepEqual(asked.map(({inputs: [{text}]}) => text), ['token', 'always good', 'token']);
});

test('a green answer that an older list bears out does not come over the next question, which a newer one refuses', async () => {
  let arrive;
  arrival = new Promise(go => { arrive = go; });
  const renewing = renewed(1);
  await until(() => !arrival, 'on its way');
  type('always good');
  await shown('answer', /^VALID/); // nobody waits long for a slow list
  const open = [];
  gates = [0, 1, 2].map(n => new Promise(go => { open[n] = go; }));
  type('token');
  await until(() => gates.length === 2, 'asked');
  arrive(); // while the first answer is still there
  await renewing;
  open[0](); // by the older list: it is asked again
  await until(() => asked.length === 2, 'judged');
  await shown('wait');
  open[1]();
  for(let n = 0; n < 20; n++) {
    await new Promise(setImmediate);
    assert.ok(html.dataset.on === 'wait' || /^NOT VALID/.test(place('#answer').text), 'the answer before');
  }
  open[2]();
  await shown('answer', /NOT VALID/);
  assert.deepEqual(asked.map(({inputs: [{text}]}) => text), ['always good', 'token', 'token']);
});

test('who has asked for a newer list while one was on its way does not ask while somebody checks', async () => {
  let arrive, open;
  arrival = new Promise(go => { arrive = go; });
  const renewing = renewed(1);
  await until(() => !arrival, 'on its way');
  const before = sent;
  view.tell('online');
  await new Promise(setImmediate);
  held = new Promise(go => { open = go; });
  type('always good');
  await shown('wait');
  arrive();
  await renewing;
  await new Promise(setImmediate);
  assert.equal(sent, before);
  open();
  await shown('answer', /^VALID/);
});

test('a green answer that cannot be judged again is gone', async () => {
  await renewed(1);
  falls = true;
  past.back();
  await shown('start');
  assert.match(place('#notices').text, /did not start/);
  past.go(1);
  assert.equal(html.dataset.on, 'start');
});

test('a green answer of hours ago does not come back as it was, with no network either', async t => {
  const now = Date.now();
  t.mock.method(Date, 'now', () => now + 2 * 3600e3);
  let open;
  held = new Promise(go => { open = go; });
  past.back();
  assert.equal(html.dataset.on, 'wait');
  open();
  await shown('answer', /^VALID/);
  assert.equal(asked.length, 1);
  assert.equal(told(), '', 'nothing has changed');
});

test('who takes a picture for it has not come back to look at the page: nothing is asked of anybody', async () => {
  const before = sent;
  press('pick');
  view.tell('visibilitychange');
  await new Promise(later => setTimeout(later, 20));
  assert.equal(sent, before);
  place('#files').tell('cancel');
  view.tell('visibilitychange');
  await until(() => sent === before + 1, 'asked');
});

test('that the checker did not start is not said any more once it has', async () => {
  falls = true;
  type('token');
  await until(() => /did not start/.test(place('#notices').text), 'told');
  falls = false;
  type('always good');
  await shown('answer', /^VALID/);
  assert.doesNotMatch(place('#notices').text, /did not start/);
});

test('each entry that a link has made leads somewhere', async () => {
  press('go:start');
  past.pushState(null);
  Object.assign(location, {hash: '#1234567890123456789012'});
  view.tell('hashchange');
  await shown('answer');
  assert.ok(past.all.every(state => state?.screen), JSON.stringify(past.all));
});

test('a list of last evening is of yesterday, though no whole day has gone by', () => {
  assert.equal(place('#trust').text, 'yesterday');
});

test('an answer comes, and is not judged anew for ever, though each look at the clock is hours later', async t => {
  let ticks = 0;
  const now = Date.now();
  t.mock.method(Date, 'now', () => now + 2 * 3600e3 * ticks++);
  type('always good');
  await shown('answer', /^VALID/);
});
