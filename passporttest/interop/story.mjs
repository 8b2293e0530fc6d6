// Plays the demo once and hands its files to the tests beside it.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, readdirSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, relative, sep} from 'node:path';
import {fileURLToPath} from 'node:url';

export const project = fileURLToPath(new URL('../..', import.meta.url));
export const dir = mkdtempSync(join(tmpdir(), 'passport-interop-'));
const passport = (...args) => execFileSync(join(project, 'bin', 'passport'), args, {stdio: ['ignore', 'ignore', 'inherit']});
passport('demo', '--dir', dir, '--quiet');

// The demo uses one template. Here every other one is issued too, the one with
// a second status entry among them, so that each document meets the peers.
const home = ['--home', join(dir, 'bodies'), '--passphrase-file', join(dir, 'passphrase'), '--quiet'];
const learner = {it: '03-maria-grazia-dangelo.json', pl: '05-lukasz-zolkiewicz.json'};
const body = {it: 'ente-lucania', pl: 'kursy'};
const learners = readdirSync(join(project, 'examples', 'learners'));
export const templates = readdirSync(join(project, 'examples', 'templates'));
for(const file of templates.slice(1)) {
  const {name, credential} = JSON.parse(readFileSync(join(project, 'examples', 'templates', file)));
  const language = credential.credentialSubject.achievement.inLanguage;
  // A micro-credential fits whoever speaks its language; every other document has a learner of its own number.
  const fits = file < '06' ? learner[language] : learners.find(one => one.startsWith(file.slice(0, 3)));
  passport(...home, 'issue', '--issuer', body[language] ?? body.it, '--template', name,
    '--learner', join(project, 'examples', 'learners', fits), '--out', join(dir, 'issued', `${name}.jwt`));
}
passport(...home, 'status', 'publish', '--out', join(dir, 'public'));

export const read = (...parts) => readFileSync(join(dir, ...parts), 'utf8').trim();
export const payload = token => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
export const header = token => JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));

// files lists every file below a folder of the demo.
export function files(...parts) {
  const found = [];
  const walk = at => {
    for (const name of readdirSync(at)) {
      const path = join(at, name);
      statSync(path).isDirectory() ? walk(path) : found.push(path);
    }
  };
  walk(join(dir, ...parts));
  return found.sort();
}

// tokens are the compact JWTs that the demo's issuers signed for people.
export const tokens = () => files('issued').filter(f => f.endsWith('.jwt')).map(f => readFileSync(f, 'utf8').trim());

// published maps the https URL of every published file to its text.
export const published = () => Object.fromEntries(files('public').map(f =>
  ['https://' + relative(join(dir, 'public'), f).split(sep).join('/'), readFileSync(f, 'utf8').trim()]));

// didDocument finds the published document of a did:web.
export function didDocument(did) {
  const [host, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
  const url = `https://${host}/${path.length ? path.join('/') : '.well-known'}/did.json`;
  return JSON.parse(published()[url]);
}
