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
      `${file}:1: this key contains a space or a non-ASCII character; expected one key per line. The previous keys stay valid.`,
      `${file}: the API key file does not exist; check the path. The previous keys stay valid.`,
    ]);
    replace('sk-back\n');
    expect(Boolean(keys.holderOf('Bearer sk-back'))).to.equal(true);
  });

  const invalidFiles: readonly [title: string, text: string, message: RegExp][] = [
    ['no key', '# none\n\n', /keys\.txt: the file contains no key; expected one key per line\.$/],
    [
      'a key that no header can contain',
      'sk-one\nsk-ü\n',
      /keys\.txt:2: this key contains a space or a non-ASCII character/,
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
