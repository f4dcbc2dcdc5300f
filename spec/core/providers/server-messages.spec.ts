import { expect } from 'chai';
import { beginningOf, oneLine, statedError, statedRefusal } from '../../../lib/core/providers/server-messages.js';

describe('the text of error responses', () => {
  const errors: readonly (readonly [body: string, stated: string | undefined])[] = [
    ['{"error":"no"}', 'no'],
    ['{"error":{"message":"no"}}', 'no'],
    ['[{"error":{"message":"no"}}]', 'no'],
    ['{"error":{"code":7}}', undefined],
    ['{"error":{"message":7}}', undefined],
    ['{"error":null}', undefined],
    ['{"error":7}', undefined],
    ['{"message":"no"}', undefined],
    ['[]', undefined],
    ['null', undefined],
    ['"no"', undefined],
    ['<html>no</html>', undefined],
    ['', undefined],
  ];
  for (const [body, stated] of errors) {
    it(`statedError of ${body} is ${stated}`, () => expect(statedError(body)).to.equal(stated));
  }

  const refusals: readonly (readonly [body: string, stated: string | undefined])[] = [
    ['{"error":"no","message":"other"}', 'no'],
    ['{"message":"no","detail":"other"}', 'no'],
    ['{"detail":"no"}', 'no'],
    ['{"message":7,"detail":"no"}', 'no'],
    ['{"detail":[{"msg":"no"}]}', '[{"msg":"no"}]'],
    ['{"message":{"problem":"no"}}', '{"problem":"no"}'],
    ['{"message":{"problem":"no"},"detail":{"first":1}}', '{"first":1}'],
    ['{"detail":null}', undefined],
    ['{"detail":7}', undefined],
    ['{"message":null}', undefined],
    ['{}', undefined],
    ['no', undefined],
  ];
  for (const [body, stated] of refusals) {
    it(`statedRefusal of ${body} is ${stated}`, () => expect(statedRefusal(body)).to.equal(stated));
  }

  it('oneLine joins lines and removes control characters and the last period', () => {
    expect(oneLine(' no\r\n\tmemory \u0007 left. ')).to.equal('no memory left');
    expect(oneLine('a.b..')).to.equal('a.b.');
    expect(oneLine('no')).to.equal('no');
  });

  it('oneLine replaces the secret wherever it occurs', () => {
    expect(oneLine('key k1 is not k1', 'k1')).to.equal('key *** is not ***');
    expect(oneLine('no', '')).to.equal('no');
  });

  it('oneLine shortens texts of more than 200 characters', () => {
    expect(oneLine('a'.repeat(200))).to.equal('a'.repeat(200));
    expect(oneLine('a'.repeat(201))).to.equal(`${'a'.repeat(200)}…`);
  });

  it('beginningOf reads a body, even if its characters are split', async () => {
    const bytes = Buffer.from('füür');
    const body = ReadableStream.from([bytes.subarray(0, 2), bytes.subarray(2)]) as ReadableStream;
    expect(await beginningOf(new Response(body))).to.equal('füür');
    expect(await beginningOf(new Response(null))).to.equal('');
  });

  it('beginningOf stops after 65,536 characters and cancels the body', async () => {
    let isCancelled = false;
    let pulls = 0;
    const body = new ReadableStream(
      {
        pull: (controller) => {
          pulls++;
          controller.enqueue(Buffer.alloc(32_768, 'a'));
        },
        cancel: () => {
          isCancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    expect(await beginningOf(new Response(body))).to.have.length(3 * 32_768);
    expect([pulls, isCancelled]).to.deep.equal([3, true]);
  });

  it('beginningOf returns the text before a failure', async () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.from('no')),
      pull: (controller) => controller.error(new Error('gone')),
    });
    expect(await beginningOf(new Response(body))).to.equal('no');
  });
});
