// Every way in which an employer may have to be careful has a colour, a word and
// a reason of its own.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import test, {after, before} from 'node:test';
import {launch, phone, shift} from './browser.mjs';
import {bring, isRenewed, openVerify, speak, type} from './hands.mjs';
import {example, newHome} from './program.mjs';
import {presentation} from './walk.mjs';
import {bundle, close, issue, link, newWorld, offered, openService, printed, tampered} from './world.mjs';

const day = 86400e3;
let world, amina, browser, page;
before(async () => {
  world = await newWorld();
  amina = issue(world);
  await openService(world);
  browser = await launch(world.street);
});
after(async () => {
  await browser?.close();
  await close(world);
});

// Each story has a device of its own. later is how far on its clock is when it is
// looked at again, with no network since.
async function device({later = 0, skew = 0} = {}) {
  await page?.context().close();
  const context = await phone(browser);
  page = await context.newPage();
  const early = skew ? await shift(page, skew) : () => {};
  await openVerify(page, {kept: later !== 0});
  await early();
  if(!later) return;
  await page.close();
  await context.setOffline(true);
  page = await context.newPage();
  const late = await shift(page, later);
  await openVerify(page, {kept: false});
  await isRenewed(page);
  await late();
  await speak(page, 'en'); // opens the bundle again, by the clock as it is now
}

const judged = (verdict, colour, code) => {
  assert.equal(verdict.colour, colour, verdict.text);
  assert.ok(verdict.codes.includes(code), `${code} is not among ${verdict.codes}\n${verdict.text}`);
};

test('a typed token, the text of a code, a photo and a PDF all give the same answer', async () => {
  await device();
  const png = world.home.path('amina.png');
  world.home('qr', 'encode', amina.file, '--out', png);
  const verdicts = [await type(page, amina.token), await type(page, link(world, amina.file)), await bring(page, png),
    await bring(page, printed(world, amina.number)), await bring(page, amina.file)];
  for(const verdict of verdicts) {
    judged(verdict, 'green', 'holder_compare');
    assert.match(verdict.text, /Amina Diallo/);
    assert.equal(verdict.word, verdicts[0].word);
  }
});

test('a token with another name on it is red', async () => {
  await device();
  const verdict = await bring(page, tampered(world, amina));
  judged(verdict, 'red', 'signature_invalid');
  assert.doesNotMatch(verdict.text, /Rossi/, 'nothing of a forgery is shown as if it were so');
  world.home('qr', 'encode', world.home.path(`${amina.number}-tampered.jwt`), '--out', world.home.path('tampered.png'));
  judged(await bring(page, world.home.path('tampered.png')), 'red', 'signature_invalid');
});

test('a picture is read whole: a second code, too small for the quick reader, counts too', async () => {
  await device();
  const draw = (file, dots) => {
    const out = world.home.path(`${dots}.png`);
    world.home('qr', 'encode', file, '--dots', dots, '--out', out);
    return readFileSync(out).toString('base64');
  };
  const forged = draw(tampered(world, issue(world)), 2);
  const both = await page.evaluate(async ([large, small]) => {
    const load = async base64 => createImageBitmap(new Blob([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], {type: 'image/png'}));
    const [one, two] = await Promise.all([load(large), load(small)]);
    const canvas = new OffscreenCanvas(1754, 1241), pen = canvas.getContext('2d');
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(one, 60, 60);
    pen.imageSmoothingQuality = 'high';
    pen.drawImage(two, 900.4, 700.7, two.width * 0.55, two.height * 0.55);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({type: 'image/png'})).arrayBuffer());
    return btoa(Array.from(bytes, c => String.fromCharCode(c)).join(''));
  }, [draw(amina.file, 4), forged]);
  const verdict = await bring(page, {name: 'both.png', mimeType: 'image/png', buffer: Buffer.from(both, 'base64')});
  assert.ok(['red', 'grey'].includes(verdict.colour), verdict.text);
  assert.ok(verdict.codes.includes('signature_invalid') || verdict.codes.includes('code_unread'), verdict.codes.join());
});

test('a picture of which the rest cannot be looked at shows what was read, and is not valid', async t => {
  t.after(() => world.street.doors.clear());
  const context = await phone(browser, {serviceWorkers: 'block'});
  const page = await context.newPage();
  await openVerify(page, {kept: false});
  world.street.doors.set('passport.example/verify/files.wasm.gz', (_, response) => response.writeHead(503).end());
  const png = world.home.path('alone.png');
  world.home('qr', 'encode', amina.file, '--out', png);
  const verdict = await bring(page, png);
  judged(verdict, 'grey', 'part_unread');
  assert.match(verdict.text, /Amina Diallo/);
  await context.close();
});

test('a body that nobody recognises: the signature is genuine, the issuer unknown', async () => {
  await device();
  const verdict = await type(page, issue(world, {}, {issuer: 'ignoto'}).token);
  judged(verdict, 'grey', 'issuer_not_recognised');
});

test('a link that leads to a page of somebody else is told', async () => {
  await device();
  const verdict = await type(page, link(world, amina.file, 'https://pasport.example/verify'));
  assert.match(verdict.text, /pasport\.example/);
  assert.notEqual(verdict.colour, undefined);
});

test('three days without a network: valid, amber, and as of when', async () => {
  await device({later: 8 * day});
  await page.locator('#notices').getByText('getting old').waitFor();
  await device({later: 3 * day});
  const verdict = await type(page, amina.token);
  judged(verdict, 'amber', 'status_old');
});

test('forty days without a network: unknown, and what to do', async () => {
  await device({later: 40 * day});
  assert.match(await page.locator('#notices').innerText(), /ran out on \d/, 'told before anything is judged');
  judged(await type(page, amina.token), 'grey', 'bundle_expired');
});

test('a clock that was set back is noticed, with a network and without', async () => {
  await device({skew: -3 * day});
  judged(await type(page, amina.token), 'grey', 'clock');
  await device({later: -3 * day});
  const verdict = await type(page, amina.token);
  judged(verdict, 'grey', 'clock');
});

test('no bundle at all is never valid', async () => {
  offered(world, Buffer.from('this is no bundle'));
  await device();
  const verdict = await type(page, amina.token);
  assert.equal(verdict.colour, 'grey', verdict.text);
  world.street.doors.clear();
});

test('a bundle of another authority is refused', async () => {
  const home = newHome();
  home('trust', 'init', 'altra', '--did', 'key');
  offered(world, bundle({home, numbers: 0}));
  await device();
  const verdict = await type(page, amina.token);
  assert.equal(verdict.colour, 'grey', verdict.text);
  world.street.doors.clear();
});

test('the receipt, printed or saved, says nothing of the person', async () => {
  await device();
  const verdict = await type(page, amina.token);
  assert.match(verdict.text, /Amina/);
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#answer [data-do=save]').click()]);
  const paper = world.home.path('receipt.pdf');
  await page.pdf({path: paper});
  const printed = execFileSync('pdftotext', ['-layout', paper, '-'], {encoding: 'utf8'});
  for(const receipt of [readFileSync(await download.path(), 'utf8'), printed]) {
    assert.match(receipt, /VALID/);
    assert.match(receipt, /Igiene degli alimenti/);
    for(const own of ['Amina', 'Diallo', '1994', 'Dakar', amina.number]) assert.ok(!receipt.includes(own), `${own} in ${receipt}`);
  }
});

test('what was signed for a name asks at once, and later, whether that is the reader', async () => {
  const token = presentation(world, amina, '--audience', 'Trattoria da Rosa', '--for', '720h');
  const question = () => page.locator('[data-do=audience]');
  const holder = () => page.locator('[data-answer=holder]').innerText();
  await device();
  judged(await type(page, token), 'green', 'holder_live');
  assert.match(await holder(), /just now.*Trattoria da Rosa.*Is that you/s);
  await question().click();
  await question().waitFor({state: 'detached'});
  assert.match(await holder(), /just now$/);

  await device({later: 10 * 60e3});
  const {text} = await type(page, token);
  assert.match(await holder(), /signed for.*Trattoria da Rosa.*Is that you/s);
  assert.doesNotMatch(text, /expired: have|Nobody signed/i);
  await question().click();
  await question().waitFor({state: 'detached'});
  assert.match(await holder(), /signed it on \d.*Compare with an identity document/s);
  assert.ok(await page.locator('.compare:not(.calm)').count(), 'the person is still to be compared');
  await page.locator('#again').click();
  await page.waitForFunction(() => document.querySelector('#live').textContent === '');
});

test('what is no credential is told in words, not judged', async () => {
  await device();
  await page.locator('#write').click();
  await page.locator('#text').fill('Call me on Monday.');
  await page.locator('#typed [type=submit]').click();
  await page.locator('#textwrong').filter({hasText: /\w/}).waitFor();
});

// What an authority and a body do later, each in the bundle that it brings about.
// The acts follow one another: what was issued before stays before.
const acts = [
  {act: 'the body has lapsed in order: what it issued in its time stays valid', colour: 'green', code: 'recognised',
    do: w => w.home('trust', 'lapse', 'did:web:lapsed.example'), of: 'lapsed'},
  {act: 'the body was withdrawn for cause', colour: 'grey', code: 'recognition_withdrawn',
    do: w => w.home('trust', 'withdraw', 'did:web:withdrawn.example'), of: 'withdrawn'},
  {act: 'a key was stolen', colour: 'red', code: 'key_compromised',
    do: w => w.home('key', 'compromise', '--issuer', 'stolen', w.home.lines('key', 'list', '--issuer', 'stolen').find(k => k.use === 'credential').kid), of: 'stolen'},
  {act: 'a single forgery is denied', colour: 'red', code: 'denied',
    do: (w, one) => w.home('trust', 'deny', one.file), of: 'ente'},
  {act: 'it is suspended', colour: 'red', code: 'suspended', template: 'warehouse-safety',
    do: (w, one) => w.home('suspend', one.id, '--reason', 'disputed'), of: 'ente'},
  {act: 'it is revoked', colour: 'red', code: 'revoked',
    do: (w, one) => w.home('revoke', one.id, '--reason', 'issued-in-error'), of: 'ente'}
];
test('what happens later to a body, a key or a document shows in the next bundle', async t => {
  for(const name of ['lapsed', 'withdrawn', 'stolen']) {
    world.home('issuer', 'add', name, '--did', 'web', '--domain', `${name}.example`, '--country', 'IT');
    world.home('trust', 'recognise', `did:web:${name}.example`, '--schema', 'MicroCredential');
  }
  world.home('template', 'add', example('templates', '04-warehouse-safety-pl.json'));
  const ones = acts.map(({of, template}) => issue(world, {}, {issuer: of, template}));
  acts.forEach(({do: act}, i) => act(world, ones[i]));
  offered(world, bundle(world));
  await device();
  for(const [i, {act, colour, code}] of acts.entries()) {
    await t.test(act, async () => judged(await type(page, ones[i].token), colour, code));
  }
  world.street.doors.clear();
});
