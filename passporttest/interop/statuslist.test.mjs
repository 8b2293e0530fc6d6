// Digital Bazaar's library decodes our lists and finds exactly the revoked bit.
import assert from 'node:assert/strict';
import test from 'node:test';
import {decodeList} from '@digitalbazaar/vc-bitstring-status-list';
import {payload, published, read, tokens} from './story.mjs';

test('the revoked credential is set, every other one is clear', async () => {
  const lists = published();
  const revoked = JSON.parse(read('revoked.json')).id;
  let found = 0;
  for(const token of tokens()) {
    const credential = payload(token);
    const entry = [credential.credentialStatus].flat().find(e => e.statusPurpose === 'revocation');
    const subject = payload(lists[entry.statusListCredential]).credentialSubject;
    const list = await decodeList({encodedList: subject.encodedList});
    assert.equal(subject.encodedList[0], 'u', 'multibase base64url');
    assert.equal(list.length, 131072);
    assert.equal(list.getStatus(Number(entry.statusListIndex)), credential.id === revoked, credential.id);
    found += credential.id === revoked;
  }
  assert.equal(found, 1);
});
