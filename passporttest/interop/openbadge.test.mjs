// The strict Open Badges 3.0 token: signed through the command line, judged by
// Panva's jose as any JWT, and held against 1EdTech's section 8.2.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'node:test';
import {importJWK, jwtVerify} from 'jose';
import {header, payload, project} from './story.mjs';

const dir = mkdtempSync(join(tmpdir(), 'passport-ob3-'));
writeFileSync(join(dir, 'passphrase'), 'four words by chance\n');
const env = {
  ...process.env, PASSPORT_HOME: join(dir, 'home'), PASSPORT_WALLET: join(dir, 'wallet.age'),
  PASSPORT_PASSPHRASE_FILE: join(dir, 'passphrase'),
};
const passport = (...args) => execFileSync(join(project, 'bin', 'passport'), args,
  {env, cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']}).trim();

passport('init', '--work-factor', '1');
passport('issuer', 'add', 'ente', '--did', 'web', '--domain', 'ente.example', '--country', 'IT', '--region', 'ITF5');
passport('template', 'add', join(project, 'examples', 'templates', '01-food-hygiene-it.json'));
const holder = JSON.parse(passport('wallet', 'init', '--json')).did;
writeFileSync(join(dir, 'learner.json'), JSON.stringify({
  name: 'Amina Diallo', birthDate: '1994-03-12', documentNumber: 'OB-1', result: 'Superato', completedOn: '2026-11-18', holder,
}));
const {token} = JSON.parse(passport('issue', '--issuer', 'ente', '--template', 'food-hygiene', '--learner', 'learner.json',
  '--profile', 'ob3', '--json'));
passport('status', 'publish', '--out', 'public');
const did = JSON.parse(readFileSync(join(dir, 'public', 'ente.example', '.well-known', 'did.json'), 'utf8'));

test('the header is alg and kid and nothing else', () => {
  assert.deepEqual(Object.keys(header(token)).sort(), ['alg', 'kid']);
});

test('a plain JWT library verifies it, with issuer and subject', async () => {
  const method = did.verificationMethod.find(m => m.id === header(token).kid);
  const {payload: claims} = await jwtVerify(token, await importJWK(method.publicKeyJwk, 'ES256'), {
    algorithms: ['ES256'], issuer: 'did:web:ente.example', subject: holder, requiredClaims: ['iss', 'jti', 'sub', 'nbf'],
  });
  assert.equal(claims.iss, claims.issuer.id);
});

test('the claims repeat the document', () => {
  const badge = payload(token);
  assert.ok(badge.type.includes('OpenBadgeCredential'));
  assert.equal(badge.iss, badge.issuer.id);
  assert.equal(badge.jti, badge.id);
  assert.equal(badge.sub, badge.credentialSubject.id);
  assert.equal(badge.nbf, Date.parse(badge.validFrom) / 1000);
  assert.equal('exp' in badge, 'validUntil' in badge);
  assert.equal('vc' in badge, false);
});
