// A training body that does not use Passport: its issuer is the library of the
// Open Wallet Foundation's Labs, its signatures panva's jose's, its status list
// its own.
import {createHash, createPublicKey, ECDH, generateKeyPairSync, randomBytes, randomUUID} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {gzipSync} from 'node:zlib';
import {Oauth2AuthorizationServer} from '@openid4vc/oauth2';
import {Openid4vciIssuer} from '@openid4vc/openid4vci';
import {CompactSign, compactVerify, decodeJwt, decodeProtectedHeader, importJWK} from 'jose';
import {example, learnerOf} from './program.mjs';

const host = 'scuola.example', here = `https://${host}`, did = `did:web:${host}`;
const configuration = 'food-hygiene', listURL = `${here}/status/1`;
const key = () => generateKeyPairSync('ec', {namedCurve: 'P-256'});
const keys = {'key-1': key(), 'status-1': key()};
const sign = (name, payload) => new CompactSign(Buffer.from(JSON.stringify(payload)))
  .setProtectedHeader({alg: 'ES256', kid: `${did}#${name}`, typ: 'vc+jwt'}).sign(keys[name].privateKey);

// didDocument is what the region looks at before it recognises the body.
export const didDocument = {
  '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
  id: did,
  verificationMethod: Object.entries(keys).map(([name, {publicKey}]) => ({
    id: `${did}#${name}`, type: 'JsonWebKey', controller: did, publicKeyJwk: publicKey.export({format: 'jwk'})
  })),
  assertionMethod: Object.keys(keys).map(name => `${did}#${name}`)
};

// statusList says that nothing was revoked.
export const statusList = () => sign('status-1', {
  '@context': ['https://www.w3.org/ns/credentials/v2'], id: listURL,
  type: ['VerifiableCredential', 'BitstringStatusListCredential'], issuer: did,
  validFrom: new Date().toISOString(), validUntil: new Date(Date.now() + 45 * 86400e3).toISOString(),
  credentialSubject: {id: `${listURL}#list`, type: 'BitstringStatusList', statusPurpose: 'revocation',
    encodedList: 'u' + gzipSync(Buffer.alloc(131072 / 8)).toString('base64url')}
});
export const listFile = `${host}/status/1`;

// certificate is a micro-credential as the project describes it, for a holder.
function certificate(holder) {
  const {credential} = JSON.parse(readFileSync(example('templates', '01-food-hygiene-it.json'), 'utf8'));
  const person = learnerOf('01-amina-diallo'), index = String(Math.floor(Math.random() * 131072));
  const identity = (type, value) => ({type: 'IdentityObject', hashed: false, identityHash: value, identityType: type});
  const {achievement} = credential.credentialSubject;
  return sign('key-1', {
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json', 'https://w3id.org/employment-passport/v1'],
    id: `urn:uuid:${randomUUID()}`, type: ['VerifiableCredential', 'OpenBadgeCredential', 'MicroCredential'], name: achievement.name,
    issuer: {id: did, type: ['Profile'], name: 'Scuola Serale', address: {type: ['Address'], addressCountryCode: 'IT'}},
    validFrom: `${new Date().toISOString().slice(0, 10)}T00:00:00Z`,
    credentialSubject: {
      id: holder, type: ['AchievementSubject'],
      identifier: [identity('name', person.name), identity('ext:givenName', person.givenName), identity('ext:familyName', person.familyName), identity('ext:birthDate', person.birthDate)],
      licenseNumber: 'SERALE-2026-7', activityStartDate: `${person.startedOn}T00:00:00Z`, activityEndDate: `${person.completedOn}T00:00:00Z`,
      result: [{type: ['Result'], resultDescription: achievement.resultDescription[0].id, status: 'Completed', value: person.result}],
      achievement
    },
    credentialStatus: {id: `${listURL}#${index}`, type: 'BitstringStatusListEntry', statusPurpose: 'revocation', statusListIndex: index, statusListCredential: listURL},
    credentialSchema: [{id: 'https://w3id.org/employment-passport/schema/micro/1', type: 'JsonSchema'},
      {id: 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json', type: '1EdTechJsonSchemaValidator2019'}]
  });
}

// keyOf reads the P-256 key that stands in a did:key (multicodec 0x1200).
function keyOf(didUrl) {
  const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  let number = 0n;
  for(const letter of didUrl.split('#')[0].slice('did:key:z'.length)) number = number * 58n + BigInt(letters.indexOf(letter));
  const bytes = Buffer.from(number.toString(16), 'hex');
  if(bytes[0] !== 0x80 || bytes[1] !== 0x24) throw new Error('no key on P-256');
  const point = ECDH.convertKey(bytes.subarray(2), 'prime256v1', undefined, undefined, 'uncompressed');
  return {kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url')};
}

const callbacks = {
  hash: (data, alg) => createHash(alg.replace('-', '')).update(data).digest(),
  generateRandom: randomBytes,
  clientAuthentication: () => {},
  signJwt: async (_, {header, payload}) => ({
    jwt: await new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader(header).sign(keys['key-1'].privateKey),
    signerJwk: createPublicKey(keys['key-1'].privateKey).export({format: 'jwk'})
  }),
  verifyJwt: async (signer, {compact}) => {
    const signerJwk = signer.method === 'did' ? keyOf(signer.didUrl) : signer.publicJwk;
    return compactVerify(compact, await importJWK(signerJwk, decodeProtectedHeader(compact).alg)).then(() => ({verified: true, signerJwk}), () => ({verified: false}));
  }
};

// openSchool answers for the body on a street, and makes offers.
export function openSchool() {
  const issuer = new Openid4vciIssuer({callbacks}), desk = new Oauth2AuthorizationServer({callbacks});
  const authorizationServer = desk.createAuthorizationServerMetadata({issuer: here, token_endpoint: `${here}/token`,
    grant_types_supported: ['urn:ietf:params:oauth:grant-type:pre-authorized_code'], 'pre-authorized_grant_anonymous_access_supported': true});
  const credentialIssuer = issuer.createCredentialIssuerMetadata({
    credential_issuer: here, credential_endpoint: `${here}/credential`, nonce_endpoint: `${here}/nonce`, display: [{name: 'Scuola Serale', locale: 'it'}],
    credential_configurations_supported: {[configuration]: {
      format: 'vc+jwt', scope: configuration, cryptographic_binding_methods_supported: ['did:key'], credential_signing_alg_values_supported: ['ES256'],
      credential_definition: {type: ['VerifiableCredential', 'OpenBadgeCredential', 'MicroCredential']},
      proof_types_supported: {jwt: {proof_signing_alg_values_supported: ['ES256']}},
      credential_metadata: {display: [{name: 'Igiene degli alimenti', locale: 'it'}]}
    }}
  });
  const issuerMetadata = {originalDraftVersion: 'V1', credentialIssuer, authorizationServers: [authorizationServer],
    knownCredentialConfigurations: issuer.getKnownCredentialConfigurationsSupported(credentialIssuer)};
  const school = {codes: new Map(), nonces: new Set(), bearers: new Set(), handed: [], host};

  school.offer = async () => {
    const code = randomBytes(16).toString('hex'), txCode = '4711';
    school.codes.set(code, txCode);
    const {credentialOffer} = await issuer.createCredentialOffer({issuerMetadata, credentialConfigurationIds: [configuration],
      grants: {'urn:ietf:params:oauth:grant-type:pre-authorized_code': {'pre-authorized_code': code, tx_code: {input_mode: 'numeric', length: 4}}}});
    return {link: credentialOffer, txCode};
  };

  const rooms = {
    'GET /.well-known/openid-credential-issuer': () => credentialIssuer,
    'GET /.well-known/oauth-authorization-server': () => authorizationServer,
    'GET /.well-known/did.json': () => didDocument,
    'POST /nonce': () => {
      const cNonce = randomUUID();
      school.nonces.add(cNonce);
      return issuer.createNonceResponse({cNonce});
    },
    'POST /token': async (asked, body) => {
      const request = {headers: new Headers(asked.headers), method: asked.method, url: `${here}/token`};
      const {accessTokenRequest, grant} = desk.parseAccessTokenRequest({request, accessTokenRequest: Object.fromEntries(new URLSearchParams(body))});
      const code = grant.preAuthorizedCode;
      await desk.verifyPreAuthorizedCodeAccessTokenRequest({accessTokenRequest, grant, request, authorizationServerMetadata: authorizationServer,
        expectedPreAuthorizedCode: school.codes.has(code) ? code : 'none', expectedTxCode: school.codes.get(code)});
      school.codes.delete(code);
      const made = await desk.createAccessTokenResponse({audience: here, authorizationServer: here, subject: code, expiresInSeconds: 300,
        signer: {method: 'did', didUrl: `${did}#key-1`, alg: 'ES256'}});
      school.bearers.add(made.access_token);
      return made;
    },
    'POST /credential': async (asked, body) => {
      if(!school.bearers.has(asked.headers.authorization?.replace(/^Bearer /, ''))) throw Object.assign(new Error('no token'), {errorResponse: {error: 'invalid_token'}});
      const credentialRequest = issuer.parseCredentialRequest({issuerMetadata, credentialRequest: JSON.parse(body)});
      const [jwt] = credentialRequest.proofs.jwt;
      const {payload, header} = await issuer.verifyCredentialRequestJwtProof({issuerMetadata, jwt,
        expectedNonce: [...school.nonces].find(nonce => nonce === decodeJwt(jwt).nonce) ?? 'none'});
      school.nonces.delete(payload.nonce);
      const credential = await certificate(header.kid.split('#')[0]);
      school.handed.push(credential);
      return issuer.createCredentialResponse({credentialRequest, credentials: [{credential}]});
    }
  };
  school.answer = (asked, response) => {
    let body = '';
    asked.on('data', part => { body += part; }).on('end', async () => {
      const head = {'content-type': 'application/json', 'cache-control': 'no-store', 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization, content-type', 'access-control-allow-methods': 'GET, POST'};
      const room = rooms[`${asked.method} ${asked.url}`];
      if(asked.method === 'OPTIONS') return response.writeHead(204, head).end();
      if(!room) return response.writeHead(404, head).end('{}');
      try {
        response.writeHead(200, head).end(JSON.stringify(await room(asked, body)));
      } catch(error) {
        response.writeHead(400, head).end(JSON.stringify(error.errorResponse ?? {error: 'invalid_request', error_description: String(error)}));
      }
    });
  };
  return school;
}
