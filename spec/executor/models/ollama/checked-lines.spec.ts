import { expect } from 'chai';
import fc from 'fast-check';
import { ModelProtocolError } from '../../../../lib/core/errors/model-errors.js';
import { checkedLines } from '../../../../lib/executor/models/ollama/checked-lines.js';
import { ollamaFacts } from '../../../../lib/executor/models/ollama/ollama-facts.js';
import { chatLines } from '../../../support/fake-ollama.js';

function pass(pieces: readonly Uint8Array[]): Promise<string> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  return new Response(source.pipeThrough(checkedLines(ollamaFacts('http://ollama')))).text();
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('checkedLines', () => {
  it('forwards an answer unchanged, regardless of how its bytes are split', async () => {
    const text = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }).map((texts) => chatLines(texts));
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(), { maxLength: 8 }), async (lines, cuts) => {
        const whole = bytes(lines);
        const places = [0, ...cuts.map((cut) => cut % whole.length).sort((a, b) => a - b), whole.length];
        const pieces = places.slice(1).map((end, index) => whole.slice(places[index], end));
        expect(await pass(pieces)).to.equal(lines);
      }),
    );
  });

  it('omits blank lines, and accepts a last line without a line feed', async () => {
    expect(await pass([bytes('\n{"a":1}\n\r\n{"done":true}')])).to.equal('{"a":1}\n{"done":true}\n');
  });

  const invalidAnswers: Readonly<Record<string, readonly [answer: string, message: RegExp]>> = {
    'an error line': ['{"message":{}}\n{"error":"out of\\nmemory"}\n', /broke off its answer: out of memory\.$/],
    'an error that is an object': ['{"error":{"message":"boom","code":500}}\n', /broke off its answer: boom\.$/],
    'invalid JSON': ['<p>hello</p>\n', /sent a line that is not a JSON object: <p>hello<\/p>\.$/],
    'JSON that is not an object': ['[1]\n', /sent a line that is not a JSON object: \[1\]\.$/],
    'half a line': ['{"message":{"con', /sent a line that is not a JSON object/],
    'an early end': ['{"message":{"content":"a"},"done":false}\n', /ended its answer before it was complete\.$/],
    'a line without end': [
      'x'.repeat(1024 * 1024 + 1),
      /sent a line of more than 1 MiB; check that OLLAMA_HOST is the address of an Ollama server\.$/,
    ],
    'control characters': ['{"error":"a\\u001b[2Jb\\u0007"}\n', /broke off its answer: a \[2Jb\.$/],
    'an empty answer': ['', /ended its answer before it was complete\.$/],
  };
  for (const [title, [answer, message]] of Object.entries(invalidAnswers)) {
    it(`rejects ${title}`, async () => {
      const error = await pass([bytes(answer)]).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(ModelProtocolError);
      expect((error as Error).message).to.match(message);
    });
  }
});
