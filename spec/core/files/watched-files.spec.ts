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

  it('report no change if no file has changed', () => {
    expect(files.read(file).toString()).to.equal('one');
    expect(files.changed()).to.equal(false);
  });

  it('detect a changed size or time', () => {
    files.read(file);
    writeFileSync(file, 'three');
    expect(files.changed()).to.equal(true);
    files.read(file);
    expect(files.changed()).to.equal(false);
    utimesSync(file, 1, 1);
    expect(files.changed()).to.equal(true);
  });

  it('detect a replacement with the same size and time', () => {
    writeFileSync(join(folder, 'b'), 'two');
    utimesSync(file, 1, 1);
    utimesSync(join(folder, 'b'), 1, 1);
    files.read(file);
    renameSync(join(folder, 'b'), file);
    expect(files.changed()).to.equal(true);
  });

  it('detect that a file was deleted or created', () => {
    files.read(file);
    rmSync(file);
    expect(files.changed()).to.equal(true);
    expect(() => files.read(file)).to.throw('does not exist; check the path');
    expect(files.changed()).to.equal(false);
    writeFileSync(file, 'one');
    expect(files.changed()).to.equal(true);
  });

  it('reject folders and files above the limit', () => {
    expect(() => files.read(folder)).to.throw('is not a regular file');
    writeFileSync(file, Buffer.alloc(1024 * 1024 + 1));
    expect(() => files.read(file)).to.throw('is larger than 1 MiB');
  });
});
