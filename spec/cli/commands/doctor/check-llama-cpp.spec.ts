import { expect } from 'chai';
import { checkLlamaCpp } from '../../../../cli/commands/doctor/check-llama-cpp.js';
import { loadLlamaLibrary } from '../../../../lib/executor/models/llama-cpp/llama-library.js';
import { StubLlama } from '../../../support/stub-llama.js';

describe('checkLlamaCpp', () => {
  const llama = new StubLlama();
  after(() => llama.remove());

  it('checks the package and the model file', async () => {
    const findings = await checkLlamaCpp(await llama.file(), llama.load);
    expect(findings.map(({ verdict }) => verdict)).to.deep.equal(['ok', 'ok']);
    expect(findings[1]?.found).to.equal('tiny, 14 B');
  });

  it('suggests the package to install and the file to pass', async () => {
    const absent = () => loadLlamaLibrary(() => Promise.reject(new Error("Cannot find package 'node-llama-cpp'")));
    for (const [file, found] of [
      [undefined, 'no model file is set'],
      [await llama.file('text.gguf', 'hello'), 'begins with "hell" instead of GGUF'],
      ['absent.gguf', 'The model file "absent.gguf" does not exist'],
    ] as const) {
      const [library, model] = await checkLlamaCpp(file, absent);
      expect(library).to.include({ verdict: 'failed', fix: 'npm install node-llama-cpp' });
      expect(library?.found).to.include('is not installed');
      expect(model).to.include({ verdict: 'failed' });
      expect(model?.found).to.include(found);
      expect(model?.fix).to.include('--model path/to/model.gguf');
    }
  });
});
