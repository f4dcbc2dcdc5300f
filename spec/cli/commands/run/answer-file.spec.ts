import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { AnswerLine } from '../../../../cli/batch/answer-line.js';
import { AnswerFile } from '../../../../cli/commands/run/answer-file.js';
import { BatchFileError } from '../../../../cli/errors/batch-error.js';

describe('AnswerFile', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-answers-'));
    file = join(folder, 'answers.jsonl');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const questions = ['a', 'b', 'c'].map((question, index) => ({ index: index + 1, question }));
  const facts = { graph: 'g', provider: 'p', model: 'm', usage: { inputTokens: 1, outputTokens: 1 }, seconds: 1 };
  const answer = (index: number): AnswerLine => ({ ...questions[index - 1]!, answer: `answer ${index}`, ...facts });
  const failure: AnswerLine = { ...questions[1]!, error: { name: 'Error', message: 'torn' } };
  const text = (...lines: readonly AnswerLine[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const refusal = () => AnswerFile.open(file, questions).catch((error: unknown) => error);

  it('appends one line per answer in order of arrival', async () => {
    const answers = await AnswerFile.open(file, questions);
    await Promise.all([answers.write(answer(3)), answers.write(failure), answers.write(answer(1))]);
    expect(await readFile(file, 'utf8')).to.equal(text(answer(3), failure, answer(1)));
    await answers.close();
    expect(await readdir(folder)).to.deep.equal(['answers.jsonl']);
  });

  it('rejects answers after another batch took over its lock, even if that batch has ended', async () => {
    const answers = await AnswerFile.open(file, questions);
    await answers.write(answer(1));
    await writeFile(`${file}.lock`, '7 1 another-host/pid:[1] id');
    const refused = await answers.write(answer(2)).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(BatchFileError).with.property('message').that.includes('another batch');
    await rm(`${file}.lock`);
    expect(await answers.write(answer(3)).catch((error: unknown) => error)).to.be.instanceOf(BatchFileError);
    await answers.close();
    expect(await readFile(file, 'utf8')).to.equal(text(answer(1)));
    expect(await readdir(folder)).to.deep.equal(['answers.jsonl']);
  });

  it('keeps answered questions, and drops failed ones and incomplete lines', async () => {
    const whole = JSON.stringify(answer(3));
    for (const length of [0, 1, 20, whole.length - 1, whole.length]) {
      await writeFile(file, text(answer(1), failure) + whole.slice(0, length));
      const answers = await AnswerFile.open(file, questions);
      const kept = length === whole.length ? [answer(1), answer(3)] : [answer(1)];
      expect([...answers.answered]).to.deep.equal(kept.map(({ index }) => index));
      await answers.close();
      expect(await readFile(file, 'utf8')).to.equal(text(...kept));
    }
  });

  it('keeps the answer of a question that failed earlier', async () => {
    const second = answer(2);
    await writeFile(file, text(failure, second));
    const answers = await AnswerFile.open(file, questions);
    await answers.close();
    expect(await readFile(file, 'utf8')).to.equal(text(second));
  });

  const foreign: Readonly<Record<string, readonly [content: string, message: string]>> = {
    'the answer to another question': [
      text({ ...answer(1), question: 'x' }),
      'answers.jsonl:1: answers a different question',
    ],
    'an answer past the last question': [
      text({ ...answer(1), index: 4 }),
      'answers a different question than number 4 of this batch; pass another --output',
    ],
    'the answer to a question of another id': [text({ ...answer(1), id: 'x' }), 'answers a different question'],
    'something else': ['hello\n', 'answers.jsonl:1: is not a line of a batch; pass another --output'],
    'other JSON': ['{"index":1}\n', 'is not a line of a batch'],
  };
  for (const [what, [content, message]] of Object.entries(foreign)) {
    it(`rejects a file that contains ${what}, and does not change it`, async () => {
      await writeFile(file, content);
      expect(await refusal())
        .to.be.instanceOf(BatchFileError)
        .with.property('message')
        .that.contains(message);
      expect(await readFile(file, 'utf8')).to.equal(content);
      expect(await readdir(folder)).to.deep.equal(['answers.jsonl']);
    });
  }

  it('can be used by only one batch at a time', async () => {
    const answers = await AnswerFile.open(file, questions);
    expect(await refusal())
      .to.be.instanceOf(BatchFileError)
      .with.property('message')
      .that.contains(`is in use by process ${process.pid}`);
    await answers.close();
  });

  it('is rejected if it cannot be written', async () => {
    file = join(folder, 'no-such', 'answers.jsonl');
    expect(await refusal())
      .to.be.instanceOf(BatchFileError)
      .with.property('message')
      .that.contains('cannot be written');
    file = folder;
    expect(await refusal())
      .to.have.property('message')
      .that.contains('is not a regular file');
  });
});
