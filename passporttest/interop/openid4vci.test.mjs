// A wallet library of the Open Wallet Foundation's Labs takes offers from the
// real "passport serve", on this machine.
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {createHash, generateKeyPairSync, randomBytes, sign} from 'node:crypto';
import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {after, before} from 'node:test';
import {fileURLToPath} from 'node:url';
import {Openid4vciClient, setGlobalConfig} from '@openid4vc/openid4vci';
import {compactVerify, importJWK} from 'jose';

const project = fileURLToPath(new URL('../..', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'passport-vci-'));
const home = ['--home', join(dir, 'home'), '--passphrase-file', join(dir, 'passphrase')];
const passport = (...args) => execFileSync(join(project, 'bin', 'passport'), [...home, ...args], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});
const example = (...parts) => join(project, 'examples', ...parts);

setGlobalConfig({allowInsecureUrls: true}); // http, on this machine

let server, base;
before(async () => {
  const port = await new Promise(found => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const {port} = probe.address();
      probe.close(() => found(port));
    });
  });
  base = `http://localhost:${port}`;
  writeFileSync(join(dir, 'passphrase'), randomBytes(12).toString('hex'), {mode: 0o600});
  passport('init', '--work-factor', '1', '--quiet');
  passport('issuer', 'add', 'ente', '--did', 'web', '--domain', 'ente.example', '--country', 'IT', '--quiet');
  for(const file of ['01-food-hygiene-it.json', '02-digital-basics-it.json']) {
    passport('template', 'add', example('templates', file), '--quiet');
  }
  server = spawn(join(project, 'bin', 'passport'), [...home, 'serve', '--listen', `127.0.0.1:${port}`, '--base-url', base], {stdio: ['ignore', 'ignore', 'pipe']});
  let log = '';
  server.stderr.on('data', text => { log += text; });
  for(let tries = 0; ; tries++) {
    if(await fetch(`${base}/healthz`).then(r => r.ok, () => false)) return;
    assert.ok(tries < 600 && server.exitCode === null, `the server does not start: ${log}`);
    await new Promise(later => setTimeout(later, 100));
  }
});
after(async () => {
  if(!server) return;
  const ended = new Promise(done => server.once('exit', done));
  server.kill('SIGTERM');
  assert.equal(await ended, 0, 'the server stops in order');
});

// offer goes through the running server's socket. Every one is for a number of its
// own: what a person has already is not offered again.
let offers = 0;
const offer = (...args) => {
  const learner = JSON.parse(readFileSync(example('learners', '01-amina-diallo.json'), 'utf8'));
  writeFileSync(join(dir, 'learner.json'), JSON.stringify({...learner, documentNumber: `MC-OFFER-${++offers}`}));
  return JSON.parse(passport('offer', '--issuer', 'ente', '--template', 'food-hygiene',
    '--learner', join(dir, 'learner.json'), '--base-url', base, '--json', ...args));
};

// holders are keys of a wallet; the library signs through a callback.
const holders = Array.from({length: 2}, () => {
  const {publicKey, privateKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
  return {jwk: publicKey.export({format: 'jwk'}), privateKey};
});
const client = new Openid4vciClient({callbacks: {
  fetch,
  hash: (data, alg) => createHash(alg.replace('-', '')).update(data).digest(),
  generateRandom: randomBytes,
  clientAuthentication: () => {}, // anonymous
  verifyJwt: () => ({verified: false}),
  signJwt: ({publicJwk}, {header, payload}) => {
    const {privateKey} = holders.find(h => h.jwk.x === publicJwk.x);
    const signed = [header, payload].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const signature = sign('sha256', Buffer.from(signed), {key: privateKey, dsaEncoding: 'ieee-p1363'});
    return {jwt: `${signed}.${signature.toString('base64url')}`, signerJwk: publicJwk};
  }
}});

async function accept(made, link) {
  const credentialOffer = await client.resolveCredentialOffer(link);
  const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
  const {accessTokenResponse} = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({credentialOffer, issuerMetadata, txCode: made.txCode});
  return {credentialOffer, issuerMetadata, accessToken: accessTokenResponse.access_token};
}

async function claim({credentialOffer, issuerMetadata, accessToken}, keys) {
  const [credentialConfigurationId] = credentialOffer.credential_configuration_ids;
  const {c_nonce: nonce} = await client.requestNonce({issuerMetadata});
  const jwt = await Promise.all(keys.map(async ({jwk}) => (await client.createCredentialRequestJwtProof({
    issuerMetadata, credentialConfigurationId, nonce, signer: {method: 'jwk', alg: 'ES256', publicJwk: jwk}
  })).jwt));
  const {credentialResponse} = await client.retrieveCredentials({issuerMetadata, accessToken, credentialConfigurationId, proofs: {jwt}});
  return credentialResponse;
}

const payload = token => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

test('an offer with a code, two keys in one request, and a notification', async () => {
  const made = offer('--tx-code');
  const accepted = await accept(made, made.link);
  const response = await claim(accepted, holders);
  assert.equal(response.credentials.length, 2);
  const subjects = new Set();
  for(const {credential} of response.credentials) {
    subjects.add(payload(credential).credentialSubject.id);
    assert.equal(payload(credential).issuer.id, 'did:web:ente.example');
  }
  assert.equal(subjects.size, 2, 'each is bound to a key of its own');
  await client.sendNotification({
    issuerMetadata: accepted.issuerMetadata, accessToken: accepted.accessToken,
    notification: {notificationId: response.notification_id, event: 'credential_accepted'}
  });
  const listed = passport('offer', 'list', '--json').trim().split('\n').map(line => JSON.parse(line)).find(one => one.id === made.id);
  assert.equal(listed.state, 'redeemed');
  assert.deepEqual(listed.events, ['credential_accepted']);
  assert.equal(listed.credentials.length, 2);

  // Our own verifier, with a bundle of an authority that recognises the body,
  // and panva's jose with the key of the published did document.
  const token = join(dir, 'received.jwt');
  writeFileSync(token, response.credentials[0].credential);
  passport('trust', 'init', 'regione', '--did', 'key', '--quiet');
  passport('trust', 'recognise', 'did:web:ente.example', '--schema', 'MicroCredential', '--quiet');
  const [{anchor}] = passport('trust', 'list', '--json').trim().split('\n').map(line => JSON.parse(line));
  passport('trust', 'bundle', '--out', join(dir, 'bundle'), '--quiet');
  const report = JSON.parse(passport('verify', token, '--bundle', join(dir, 'bundle'), '--anchor', anchor, '--json'));
  assert.equal(report.verdict, 'valid');
  passport('status', 'publish', '--out', join(dir, 'public'), '--quiet');
  const did = JSON.parse(readFileSync(join(dir, 'public', 'ente.example', '.well-known', 'did.json'), 'utf8'));
  const {kid} = JSON.parse(Buffer.from(response.credentials[0].credential.split('.')[0], 'base64url'));
  const {publicKeyJwk} = did.verificationMethod.find(m => m.id === kid);
  await compactVerify(response.credentials[0].credential, await importJWK(publicKeyJwk, 'ES256'));
});

test('an offer that stands whole in its link, asked for twice', async () => {
  const made = offer();
  const accepted = await accept(made, made.whole);
  const first = await claim(accepted, [holders[0]]);
  const again = await claim(accepted, [holders[0]]);
  assert.equal(first.credentials[0].credential, again.credentials[0].credential);
  await assert.rejects(accept(made, made.whole), 'the code is spent');
});

test('a wrong code is refused', async () => {
  const made = offer('--tx-code');
  const wrong = made.txCode === '000000' ? '111111' : '000000';
  await assert.rejects(accept({...made, txCode: wrong}, made.link), /invalid_grant|transaction code/);
});

test('an offer that waits for approval is collected later', async () => {
  const made = offer('--hold');
  const accepted = await accept(made, made.link);
  const {transaction_id: transactionId} = await claim(accepted, [holders[0]]);
  assert.ok(transactionId);
  const ask = () => client.retrieveDeferredCredentials({...accepted, transactionId});
  const {deferredCredentialResponse: waiting} = await ask();
  assert.equal(waiting.transaction_id, transactionId);
  passport('offer', 'revoke', made.id, '--quiet');
  await assert.rejects(ask());
});
