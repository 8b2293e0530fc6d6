// What the page makes of an answer, of the files as they are shipped (PAGE).
import assert from 'node:assert/strict';
import {join} from 'node:path';
import test from 'node:test';
import {pathToFileURL} from 'node:url';

globalThis.document = {documentElement: {lang: 'en', dir: 'ltr'}};
const {answer, isBackup, isOffer, receipt, table} = await import(pathToFileURL(join(process.env.PAGE, 'answer.mjs')));

const view = {verdict: 'unknown', colour: 'grey', headline: 'could not be read', date: '', do: 'Ask for the original file.', answers: [], documents: [], checks: [], missing: []};
const said = made => receipt(made).flat().join('\n');

test('a receipt does not keep the name of a file that could not be read, nor what a foreign code says', () => {
  const reason = 'amina-diallo.pdf: no code, but BEGIN:VCARD Amina Diallo';
  const kept = said({...view, reason, checks: [{code: 'qr_foreign', sentence: reason}]});
  assert.ok(!/amina|vcard/i.test(kept), kept);
  assert.match(kept, /could not be read/);
});

test('a receipt does not repeat what stands in a document that breaks a rule', () => {
  const reason = 'breaks a rule: Amina Diallo';
  const kept = said({...view, reason, answers: [{code: 'genuine', label: 'Genuine', value: 'yes'}], checks: [{code: 'rule', sentence: reason}]});
  assert.ok(!/amina/i.test(kept), kept);
  assert.match(kept, /Ask for the original file/);
});

test('a receipt keeps the reason that names nobody', () => {
  const reason = 'The document was revoked.';
  assert.match(said({...view, reason, answers: [{code: 'genuine', label: 'Genuine', value: 'yes'}], checks: [{code: 'revoked', sentence: reason}]}), /was revoked/);
});

test('a receipt does not keep for whom it was signed', () => {
  const answers = [{code: 'holder', label: 'Who', value: 'signed for Trattoria da Rosa. Is that you?'}, {code: 'audience', label: 'For', value: 'Trattoria da Rosa'}];
  assert.ok(!/Rosa/.test(said({...view, ask: 'Trattoria da Rosa', answers})));
});

test('a receipt that is saved later says when it was checked', () => {
  assert.match(receipt(view, {checkedAt: '2026-03-02T09:30:00Z'}).flat().join(' '), /2 March 2026/);
});

test('of what could not be read there are no answers to show and no receipt to keep', () => {
  assert.equal(answer({view}).judged, false);
  assert.equal(answer({view: {...view, answers: [{code: 'genuine', label: 'Genuine', value: 'yes'}]}}).judged, true);
});

test('a code that was shown too late is told at once, whatever the verdict', () => {
  assert.equal(answer({view: {...view, verdict: 'valid', colour: 'green', checks: [{code: 'presentation_expired', outcome: 'noted'}]}}).expired, true);
  assert.equal(answer({view}).expired, false);
});

test('what was signed for a name asks whether that is the reader, and never says that it has expired', () => {
  const asks = {...view, ask: 'Trattoria da Rosa', checks: [{code: 'presentation_expired', outcome: 'noted'}]};
  const {expired, audience} = answer({view: asks}, true);
  assert.deepEqual([expired, audience], [false, 'Trattoria da Rosa']);
  assert.ok(!answer({view: asks}, false).audience, 'nobody is asked of one of many files');
  assert.ok(!answer({view}, true).audience);
});

const person = (name, birth, more = {}) => ({shown: true, title: 'Food hygiene', colour: 'green', lines: [], ...more,
  compare: {code: 'do.compare', items: [{code: 'name', text: name}, {code: 'birthDate', text: birth}]}});

test('several documents name their person on each line, and once above where it is one person', () => {
  const several = answer({view: {...view, documents: [person('Amina Diallo', '1994'), person('Amina Diallo', '1994')]}});
  assert.deepEqual(several.parts.map(p => p.name), ['Amina Diallo', 'Amina Diallo']);
  assert.deepEqual(several.compares.map(p => [p.name, p.frame]), [['Amina Diallo', 'compare']]);
  for(const other of [person('Omar Haddad', '1994'), person('Amina Diallo', '1995'), {shown: false, title: 'x', colour: 'red', lines: []}]) {
    assert.deepEqual(answer({view: {...view, documents: [person('Amina Diallo', '1994'), other]}}).compares, []);
  }
});

test('a table begins with the worst, then by name, and says number, person, and the reason where all is not well', () => {
  const one = (name, colour, lines = []) => ({name, view: {...view, colour, reason: `because ${colour}`, documents: [
    {shown: true, title: 'Food hygiene', lines, compare: {items: [{code: 'name', text: 'Amina Diallo'}]}}]}});
  const number = [{code: 'label.document_number', label: 'Document number', value: 'MC-PZ-2026-0042'}];
  const {rows} = table([one('b10', 'green'), one('z', 'red', number), one('b9', 'green'), one('m', 'grey'), one('a', 'amber')]);
  assert.deepEqual(rows.map(r => [r.name, r.i]), [['z', 1], ['m', 3], ['a', 4], ['b9', 2], ['b10', 0]]);
  assert.equal(rows[0].what, 'Food hygiene (MC-PZ-2026-0042)');
  assert.deepEqual(rows.map(r => r.why), ['because red', 'because grey', 'because amber', false, false]);
  assert.ok(rows.every(r => r.who === 'Amina Diallo'));
});

test('the link of an offer is known before a camera shows what it read', () => {
  for(const link of ['openid-credential-offer://?credential_offer_uri=x', 'https://ente.example/o?credential_offer=%7B%7D', 'https://ente.example/claim/s3cret']) assert.ok(isOffer(link), link);
  assert.ok(!isOffer('https://shop.example/menu'));
});

test('the code of a wallet copy is known before a camera shows what it read', () => {
  assert.ok(isBackup(`https://ente.example/wallet#3${'1'.repeat(40)}`));
  for(const other of [`https://ente.example/verify#1${'1'.repeat(40)}`, 'https://ente.example/#3']) assert.ok(!isBackup(other), other);
});
