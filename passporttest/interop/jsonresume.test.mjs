// The curriculum in JSON Resume, made through the command line and held against
// the schema of the format's own package, by that package and by Ajv.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

const project = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
const {schema, validate} = require('@jsonresume/schema');

const dir = mkdtempSync(join(tmpdir(), 'passport-cv-'));
writeFileSync(join(dir, 'passphrase'), 'four words by chance\n');
const env = {
  ...process.env, PASSPORT_HOME: join(dir, 'home'), PASSPORT_WALLET: join(dir, 'wallet.age'),
  PASSPORT_PASSPHRASE_FILE: join(dir, 'passphrase'),
};
const passport = (...args) => execFileSync(join(project, 'bin', 'passport'), args,
  {env, cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']}).trim();

passport('init', '--work-factor', '1');
passport('issuer', 'add', 'ente', '--did', 'web', '--domain', 'ente.example', '--country', 'IT', '--region', 'ITF5');
const anchor = passport('trust', 'init', 'regione', '--did', 'did:web:regione.example');
passport('wallet', 'init');
const holder = passport('wallet', 'show');
const courses = [
  ['01-food-hygiene-it', '01-amina-diallo', 'MicroCredential'], ['06-workshop-it', '06-giulia-rossi-workshop', 'TrainingAttendance'],
  ['08-internship-it', '08-amina-diallo-internship', 'InternshipAttestation'], ['10-skills-assessment-it', '10-amina-diallo-bilancio', 'SkillsAssessment'],
  ['12-operator-qrsp-it', '12-sara-neri', 'OperatorCompetence'],
];
const example = (folder, name) => join(project, 'examples', folder, `${name}.json`);
const {name, givenName, familyName, birthDate, birthPlace} = JSON.parse(readFileSync(example('learners', '01-amina-diallo'), 'utf8'));
const tokens = courses.map(([template, learner, kind], n) => {
  passport('template', 'add', example('templates', template));
  passport('trust', 'recognise', 'did:web:ente.example', '--schema', kind);
  writeFileSync(join(dir, 'learner.json'), JSON.stringify({ // a curriculum is of one person
    ...JSON.parse(readFileSync(example('learners', learner), 'utf8')), name, givenName, familyName, birthDate, birthPlace, holder,
  }));
  passport('issue', '--issuer', 'ente', '--template', JSON.parse(readFileSync(example('templates', template), 'utf8')).name,
    '--learner', 'learner.json', '--out', `${n}.jwt`);
  return `${n}.jwt`;
});
passport('trust', 'bundle', '--out', 'trust.bundle');
const trust = ['--bundle', 'trust.bundle', '--anchor', anchor];
passport('wallet', 'import', ...tokens, ...trust);
writeFileSync(join(dir, 'own.json'), JSON.stringify({
  summary: 'Mi piace cucinare.', contact: {email: 'amina@posta.example', phone: '+39 0971 555 0199', city: 'Potenza', country: 'IT'},
  experiences: [{title: 'Venditrice al mercato', place: 'Dakar', country: 'SN', from: '2012', until: '2017-05'}],
  education: [{title: 'Scuola secondaria', from: '2006'}], languages: [{language: 'wo', motherTongue: true}, {language: 'fr', reading: 'B1'}], skills: ['cucito'],
}));

const ajv = new Ajv({strict: false, allErrors: true});
addFormats(ajv);
const judge = ajv.compile(schema);

for(const lang of ['it', 'en', 'es', 'el', 'pl']) {
  test(`the curriculum in ${lang} is JSON Resume 1.3.1`, () => {
    const resume = JSON.parse(passport('wallet', 'cv', '--format', 'jsonresume', '--own', 'own.json', '--lang', lang, ...trust));
    assert.ok(judge(resume), ajv.errorsText(judge.errors));
    validate(resume, faults => assert.equal(faults, null));
    assert.equal(resume.certificates.length, 3);
    assert.ok(resume.certificates.every(c => c.verification.verified));
    assert.deepEqual(resume.work.map(w => w.verification.verified), [true, false]);
  });
}

test('the schema refuses what is none', () => {
  assert.equal(judge({basics: {name: 7}}), false);
});
