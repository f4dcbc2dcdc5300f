import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ApiKeysError } from '../../../lib/core/errors/errors.js';
import { ApiKeys, readApiKey } from '../../../lib/core/server/api-keys.js';

describe('ApiKeys', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tinyllm-keys-'));
    file = join(folder, 'keys.txt');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  /** Replaces the file atomically, so that no partial file is read. */
  const replace = (text: string): void => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };

  it('accepts only the keys of the file', () => {
    writeFileSync(file, '\uFEFF# for the team\nsk-one\r\n\n  sk-two  \n#sk-three\n');
    const keys = new ApiKeys(file);
    const one = keys.holderOf('Bearer sk-one');
    const two = keys.holderOf('bearer   sk-two');
    expect(one).to.match(/^[0-9a-f]{16}$/);
    expect(two)
      .to.match(/^[0-9a-f]{16}$/)
      .and.not.to.equal(one);
    expect(keys.holderOf('Bearer sk-one')).to.equal(one);
    for (const wrong of [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      'sk-one',
      'Basic sk-one',
      'Bearer sk-onе',
      'Bearer sk-on',
    ]) {
      expect(keys.holderOf(wrong), wrong).to.equal(undefined);
    }
    for (const wrong of [
      'Bearer sk-three',
      'Bearer #sk-three',
      'Bearer sk-one sk-two',
      'Bearer SK-ONE',
      'Bearer # for',
    ]) {
      expect(keys.holderOf(wrong), wrong).to.equal(undefined);
    }
  });

  it('reloads the file, and keeps the previous keys after an invalid change', () => {
    writeFileSync(file, 'sk-old\n');
    const problems: ApiKeysError[] = [];
    const keys = new ApiKeys(file, { lookMilliseconds: 0, onProblem: (problem) => problems.push(problem) });
    replace('sk-new\n');
    expect([keys.holderOf('Bearer sk-new'), keys.holderOf('Bearer sk-old')].map(Boolean)).to.deep.equal([true, false]);
    replace('two words\n');
    expect(Boolean(keys.holderOf('Bearer sk-new'))).to.equal(true);
    rmSync(file);
    expect(Boolean(keys.holderOf('Bearer sk-new'))).to.equal(true);
    expect(Boolean(keys.holderOf('Bearer sk-new'))).to.equal(true);
    expect(problems.map(({ message }) => message)).to.deep.equal([
      `${file}:1: this line contains a space; expected one key per line, with name=NAME after it if the key has a name. The previous keys stay valid.`,
      `${file}: the API key file does not exist; check the path. The previous keys stay valid.`,
    ]);
    replace('sk-back\n');
    expect(Boolean(keys.holderOf('Bearer sk-back'))).to.equal(true);
  });

  it('reads the optional name of a key, and reads names again when the file changes', () => {
    writeFileSync(file, 'sk-one name=acme\nsk-two\t name=acme  \nsk-three\nsk-one name=acme\nname=sk-four\n');
    const keys = new ApiKeys(file, { lookMilliseconds: 0 });
    expect(keys.keyOf('Bearer sk-one')).to.deep.equal({ id: keys.holderOf('Bearer sk-one'), name: 'acme' });
    expect(keys.keyOf('Bearer sk-two')?.name).to.equal('acme');
    expect(keys.keyOf('Bearer sk-three')).to.deep.equal({ id: keys.holderOf('Bearer sk-three'), name: undefined });
    expect(keys.keyOf('Bearer name=sk-four')?.name).to.equal(undefined);
    expect(keys.keyOf('Bearer name=acme')).to.equal(undefined);
    expect(keys.keyOf('Bearer sk-one name=acme')).to.equal(undefined);
    expect(keys.names).to.deep.equal(['acme']);
    replace('sk-one name=globex\n');
    expect(keys.keyOf('Bearer sk-one')?.name).to.equal('globex');
    expect(keys.names).to.deep.equal(['globex']);
  });

  const invalidFiles: readonly [title: string, text: string, message: RegExp][] = [
    ['no key', '# none\n\n', /keys\.txt: the file contains no key; expected one key per line\.$/],
    [
      'a key that no header can contain',
      'sk-one\nsk-ü\n',
      /keys\.txt:2: this key contains a character that is not visible ASCII/,
    ],
    ['text after a key', 'sk-one acme\n', /keys\.txt:1: this line contains a space; expected one key per line,/],
    ['an empty name', 'sk-one name=\n', /keys\.txt:1: the name of this key is not valid; expected 1 to 64 visible/],
    ['a name with a space', 'sk-one name=a b\n', /keys\.txt:1: the name of this key is not valid; expected 1 to 64/],
    ['a long name', `sk-one name=${'a'.repeat(65)}\n`, /keys\.txt:1: the name of this key is not valid/],
    [
      'a key as a name',
      'sk-one\nsk-two name=sk-one\n',
      /keys\.txt:2: the name of this key is a key of the file; names are public, so choose another one\.$/,
    ],
    [
      'two names for one key',
      'sk-one name=acme\nsk-two\nsk-one\n',
      /keys\.txt:3: this key has another name in line 1; expected one name per key\.$/,
    ],
  ];
  for (const [title, text, message] of invalidFiles) {
    it(`rejects a file with ${title}`, () => {
      writeFileSync(file, text);
      expect(() => new ApiKeys(file)).to.throw(ApiKeysError, message);
    });
  }

  it('reads a file with exactly one key', () => {
    writeFileSync(file, '# of the upstream\nsk-one\n');
    expect(readApiKey(file)).to.equal('sk-one');
    writeFileSync(file, 'sk-one\nsk-two\n');
    expect(() => readApiKey(file)).to.throw(ApiKeysError, 'the file contains 2 keys; expected exactly one.');
  });

  it('rejects a missing file', () => {
    expect(() => new ApiKeys(file)).to.throw(ApiKeysError, /keys\.txt: the API key file does not exist/);
  });
});
