// Ajv judges what we issue by the schema that we publish and, where it stands
// beside the project, by 1EdTech's own.
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import Ajv2019 from 'ajv/dist/2019.js';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import {payload, project, templates, tokens} from './story.mjs';

const json = path => JSON.parse(readFileSync(path, 'utf8'));
const compile = (Ajv, schema) => addFormats(new Ajv({strict: false, allErrors: true})).compile(schema);
const once = document => ![document.credentialStatus].flat()[1];

// A schema of ours stands on this disk under the last two parts of its id.
const ours = document => [document.credentialSchema].flat()[0].id;
const file = id => join(project, 'schema', 'data', id.split('/').slice(-2).join('-') + '.json');

test('the published schema of its kind accepts every issued credential', () => {
  const compiled = new Map();
  const documents = tokens().map(payload);
  assert.equal(new Set(documents.map(document => document.name)).size, templates.length, 'a document of every template');
  for(const document of documents) {
    const id = ours(document);
    compiled.set(id, compiled.get(id) ?? compile(Ajv2020, json(file(id))));
    const valid = compiled.get(id);
    assert.ok(valid(document), document.name + ': ' + JSON.stringify(valid.errors));
    const broken = structuredClone(document);
    broken.credentialSubject.gender = 'x';
    assert.equal(valid(broken), false, document.type[2] + ' takes private data');
  }
  assert.ok(compiled.size >= 7, 'a document of every kind that a template makes');
  const broken = documents.find(document => document.type[2] === 'MicroCredential');
  delete broken.credentialSubject.achievement.notionalWorkload;
  assert.equal(compiled.get(ours(broken))(broken), false, 'an element of Annex I is missing');
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
