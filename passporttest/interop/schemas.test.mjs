// Ajv judges what we issue by the schema that we publish and, where it stands
// beside the project, by 1EdTech's own.
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import Ajv2019 from 'ajv/dist/2019.js';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import {payload, project, tokens} from './story.mjs';

const json = path => JSON.parse(readFileSync(path, 'utf8'));
const compile = (Ajv, schema) => addFormats(new Ajv({strict: false, allErrors: true})).compile(schema);
const once = document => ![document.credentialStatus].flat()[1];

test('the published schema accepts every issued credential', () => {
  const valid = compile(Ajv2020, json(join(project, 'schema', 'data', 'micro-1.json')));
  const names = new Set(tokens().map(token => payload(token).name));
  assert.equal(names.size, 5, 'a document of every template');
  for(const token of tokens()) {
    assert.ok(valid(payload(token)), JSON.stringify(valid.errors));
  }
  const broken = payload(tokens()[0]);
  delete broken.credentialSubject.achievement.notionalWorkload;
  assert.equal(valid(broken), false, 'an element of Annex I is missing');
});

const vectors = process.env.PASSPORT_VECTORS ?? join(project, '..', 'shared', 'vectors');
const badges = join(vectors, '..', 'openbadges', 'ob_v3p0_achievementcredential_schema.json');
test("1EdTech's schema accepts every issued credential with one status entry",
  {skip: !existsSync(badges) && !process.env.PASSPORT_VECTORS && 'its schema does not stand beside the project'}, () => {
    const valid = compile(Ajv2019, json(badges));
    for(const document of tokens().map(payload).filter(once)) {
      assert.ok(valid(document), JSON.stringify(valid.errors));
    }
  });
