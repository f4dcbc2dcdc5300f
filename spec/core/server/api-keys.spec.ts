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

  /** As those do it who do not want half a file to be read. */
  const replace = (text: string): void => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };

  it('knows the keys of the file from all others', () => {
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

  it('follows the file, and stays with what it knew when a change cannot be taken', () => {
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
      `${file}:1: this key has a space or a character beyond ASCII; expected one key a line.`,
      `${file}: the file of API keys does not exist; check the path.`,
    ]);
    replace('sk-back\n');
    expect(Boolean(keys.holderOf('Bearer sk-back'))).to.equal(true);
  });

  const refused: readonly [title: string, text: string, message: RegExp][] = [
    ['no key', '# none\n\n', /keys\.txt: the file holds no key; expected one a line\.$/],
    ['a key no header can carry', 'sk-one\nsk-ü\n', /keys\.txt:2: this key has a space or a character beyond ASCII/],
  ];
  for (const [title, text, message] of refused) {
    it(`refuses a file with ${title}`, () => {
      writeFileSync(file, text);
      expect(() => new ApiKeys(file)).to.throw(ApiKeysError, message);
    });
  }

  it('reads the one key of a file for one', () => {
    writeFileSync(file, '# of the upstream\nsk-one\n');
    expect(readApiKey(file)).to.equal('sk-one');
    writeFileSync(file, 'sk-one\nsk-two\n');
    expect(() => readApiKey(file)).to.throw(ApiKeysError, 'the file holds 2 keys; expected one.');
  });

  it('refuses a file that is not there', () => {
    expect(() => new ApiKeys(file)).to.throw(ApiKeysError, /keys\.txt: the file of API keys does not exist/);
  });
});
