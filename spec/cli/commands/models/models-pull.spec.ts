import { expect } from 'chai';
import { Lifetime } from '../../../../cli/command/lifetime.js';
import { modelsPull } from '../../../../cli/commands/models/models-pull.js';
import { ModelNotFoundError, ModelProtocolError } from '../../../../lib/core/errors/model-errors.js';
import { captureOutput } from '../../../support/captured-output.js';
import { eventually } from '../../../support/eventually.js';
import { type FakeReply, linesOf, startFakeOllama, streamed } from '../../../support/fake-ollama.js';

// Example from Ollama's documentation: docs/api.md#pull-a-model.
const digest = 'sha256:c5396e06af29';
const begun = [
  { status: 'pulling manifest' },
  { status: 'pulling c5396e06af29', digest, total: 397_807_936 },
  { status: 'pulling c5396e06af29', digest, total: 397_807_936, completed: 100_000_000 },
];
const whole = [
  ...begun,
  { status: 'pulling c5396e06af29', digest, total: 397_807_936, completed: 397_807_936 },
  { status: 'verifying sha256 digest' },
  { status: 'success' },
];

async function pulled(reply: FakeReply, { asJson = false, end = false } = {}) {
  const requests: unknown[] = [];
  const ollama = await startFakeOllama({
    pull: (request) => {
      requests.push(request);
      return reply;
    },
  });
  const { output, stdout, stderr } = captureOutput();
  const lifetime = new Lifetime(output);
  try {
    const pulling = modelsPull({ provider: 'ollama', address: ollama.url, model: 'tiny', json: asJson }, lifetime);
    const failed = pulling.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (end) {
      await eventually(async () => stderr.text.includes('25%') || stderr.text.includes('20%'));
      lifetime.end();
    }
    const error = await failed;
    if (end) await eventually(async () => ollama.abandoned() === 1);
    return { error, requests, url: ollama.url, stdout: stdout.text, stderr: stderr.text };
  } finally {
    await ollama.close();
  }
}

describe('tinyllm models pull', () => {
  it('downloads a model, prints progress on stderr and its name on stdout', async () => {
    const { error, requests, stdout, stderr } = await pulled(streamed([linesOf(whole)]));
    expect(error).to.equal(undefined);
    expect(requests).to.deep.equal([{ name: 'tiny', stream: true }]);
    expect(stdout).to.equal('tiny\n');
    expect(stderr).to.match(/^pulling manifest\npulling c5396e06af29: 0% of 398 MB\n.*success\n$/s);
  });

  it('prints JSON with --json', async () => {
    const { stdout, url } = await pulled(streamed([linesOf(whole)]), { asJson: true });
    expect(JSON.parse(stdout)).to.deep.equal({ provider: 'ollama', url, name: 'tiny', sizeBytes: 397_807_936 });
  });

  it('throws if the model does not exist', async () => {
    const line = { error: 'pull model manifest: file does not exist' };
    for (const reply of [
      streamed([linesOf([begun[0], line])]),
      { ...streamed([linesOf([line])]), status: 500, contentType: 'application/json' },
    ]) {
      const { error, stdout } = await pulled(reply);
      expect(error).to.be.instanceOf(ModelNotFoundError).and.include({ provider: 'ollama', model: 'tiny' });
      expect((error as Error).message).to.include('has no model tiny; https://ollama.com/library');
      expect(stdout).to.equal('');
    }
  });

  it('fails if the server closes the connection', async () => {
    for (const ending of ['end', 'die'] as const) {
      const { error, stdout } = await pulled(streamed([linesOf(begun)], ending));
      expect(error).to.be.instanceOf(ModelProtocolError);
      expect(stdout).to.equal('');
    }
  });

  it('stops at Ctrl-C, closes the connection, and explains that the download can resume', async () => {
    const { error, stdout, stderr } = await pulled(streamed([linesOf(begun)], 'stay'), { end: true });
    expect(error).to.have.property('name', 'AbortError');
    expect(stdout).to.equal('');
    expect(stderr).to.match(/the next pull resumes it\n$/);
  });
});
