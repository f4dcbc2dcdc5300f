import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { WatchedFiles } from '../../../lib/core/files/watched-files.js';

describe('WatchedFiles', () => {
  let folder: string;
  let file: string;
  let files: WatchedFiles;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tinyllm-watched-'));
    file = join(folder, 'a');
    files = new WatchedFiles();
    writeFileSync(file, 'one');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('see nothing while nothing changes', () => {
    expect(files.read(file).toString()).to.equal('one');
    expect(files.changed()).to.equal(false);
  });

  it('see another size, and another time', () => {
    files.read(file);
    writeFileSync(file, 'three');
    expect(files.changed()).to.equal(true);
    files.read(file);
    expect(files.changed()).to.equal(false);
    utimesSync(file, 1, 1);
    expect(files.changed()).to.equal(true);
  });

  it('see a file put in the place of one that looks the same', () => {
    writeFileSync(join(folder, 'b'), 'two');
    utimesSync(file, 1, 1);
    utimesSync(join(folder, 'b'), 1, 1);
    files.read(file);
    renameSync(join(folder, 'b'), file);
    expect(files.changed()).to.equal(true);
  });

  it('see a file go, and one that was missing come', () => {
    files.read(file);
    rmSync(file);
    expect(files.changed()).to.equal(true);
    expect(() => files.read(file)).to.throw('does not exist; check the path');
    expect(files.changed()).to.equal(false);
    writeFileSync(file, 'one');
    expect(files.changed()).to.equal(true);
  });

  it('read neither folders nor what is far too large', () => {
    expect(() => files.read(folder)).to.throw('is not a regular file');
    writeFileSync(file, Buffer.alloc(1024 * 1024 + 1));
    expect(() => files.read(file)).to.throw('is larger than 1 MiB');
  });
});
