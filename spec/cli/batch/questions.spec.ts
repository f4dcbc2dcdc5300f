import { expect } from 'chai';
import { parseQuestions, readQuestions } from '../../../cli/batch/questions.js';
import { BatchFileError } from '../../../cli/errors/batch-error.js';

describe('the questions of a batch', () => {
  it('are read one per line, without blank lines', () => {
    expect(parseQuestions('What is 2+2?\r\n\n  half of 90 \n{not JSON}', 'q.txt')).to.deep.equal([
      { index: 1, question: 'What is 2+2?' },
      { index: 2, question: 'half of 90' },
      { index: 3, question: '{not JSON}' },
    ]);
  });

  it('are read as JSON lines if the first line is an object', () => {
    const text = '\n{"question":"two\\nlines","id":"a","label":"x"}\n{"id":7,"question":"half of 90"}\n';
    expect(parseQuestions(text, 'q.txt')).to.deep.equal([
      { index: 1, id: 'a', question: 'two\nlines' },
      { index: 2, id: 7, question: 'half of 90' },
    ]);
  });

  const refused: readonly (readonly [text: string, file: string, message: string])[] = [
    ['\n \n', 'q.txt', 'q.txt: contains no question; expected one per line.'],
    ['{"question":"a"}\nb', 'q.txt', 'q.txt:2: has no "question"; expected a JSON object with a "question"'],
    ['{"question":" "}', 'q.txt', 'q.txt:1: has no "question"; expected a JSON object'],
    ['What?', 'q.jsonl', 'q.jsonl:1: has no "question"; expected a JSON object'],
    ['{"question":"a","id":{}}', 'q.txt', 'q.txt:1: has an invalid "id"; expected'],
  ];
  for (const [text, file, message] of refused) {
    it(`are rejected if they are ${JSON.stringify(text)} in ${file}`, () => {
      expect(() => parseQuestions(text, file)).to.throw(BatchFileError, message);
    });
  }

  it('are rejected if the file cannot be read', async () => {
    const { signal } = new AbortController();
    const refusal = (file: string) => readQuestions(file, signal).catch((error: unknown) => error);
    expect(await refusal('no-such.txt'))
      .to.be.instanceOf(BatchFileError)
      .with.property('message', 'no-such.txt: no such file; check the path.');
    expect(await refusal('spec'))
      .to.have.property('message')
      .that.contains('spec: is a directory');
  });
});
