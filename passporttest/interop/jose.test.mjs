// Panva's jose verifies what we sign, against the did document we publish.
import assert from 'node:assert/strict';
import test from 'node:test';
import {compactVerify, importJWK} from 'jose';
import {didDocument, header, payload, published, tokens} from './story.mjs';

const keyOf = kid => {
  const method = didDocument(kid.split('#')[0]).verificationMethod.find(m => m.id === kid);
  assert.ok(method, `the document names ${kid}`);
  return importJWK(method.publicKeyJwk, 'ES256');
};

test('every issued credential verifies with the published key', async () => {
  assert.ok(tokens().length >= 12);
  for(const token of tokens()) {
    const verified = await compactVerify(token, await keyOf(header(token).kid), {algorithms: ['ES256']});
    assert.equal(verified.protectedHeader.typ, 'vc+jwt');
    const credential = JSON.parse(new TextDecoder().decode(verified.payload));
    assert.equal(credential.issuer.id, header(token).kid.split('#')[0]);
  }
});

test('a flipped character does not verify', async () => {
  const [head, body, signature] = tokens()[0].split('.');
  const other = body[10] === 'A' ? 'B' : 'A';
  const forged = [head, body.slice(0, 10) + other + body.slice(11), signature].join('.');
  await assert.rejects(compactVerify(forged, await keyOf(header(forged).kid), {algorithms: ['ES256']}));
});

test('the published status lists verify with the status key', async () => {
  const lists = Object.entries(published()).filter(([url]) => /\/status\/\d+$/.test(url));
  assert.ok(lists.length >= 2);
  for(const [url, token] of lists) {
    const kid = header(token).kid;
    await compactVerify(token, await keyOf(kid), {algorithms: ['ES256']});
    assert.equal(payload(token).id, url);
    assert.notEqual(kid, header(tokens()[0]).kid, 'a status key of its own');
  }
});
