import { expect } from 'chai';
import { type BodyLimits, limitBody, readText } from '../../../lib/core/framing/limit-body.js';

const exceeded = (limit: keyof BodyLimits): Error => new Error(`more ${limit}`);
const thrownBy = (work: Promise<unknown>) => work.catch((error: unknown) => error);

/** Creates an endless body, and records how it was used. */
function endless(piece: Uint8Array | undefined) {
  const seen = { pieces: 0, cancelled: undefined as unknown };
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (piece === undefined) return new Promise(() => undefined);
        seen.pieces++;
        controller.enqueue(piece);
        return undefined;
      },
      cancel: (reason) => {
        seen.cancelled = reason;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, seen };
}

describe('limitBody', () => {
  it('accepts a body of exactly the limit', async () => {
    expect(await readText(new Response('füür'), { bytes: 6, seconds: 60 }, exceeded)).to.equal('füür');
    expect(await readText(new Response(null), { bytes: 0 }, exceeded)).to.equal('');
  });

  it('ends an endless body after its limit, and cancels the source', async () => {
    const { body, seen } = endless(new Uint8Array(1000));
    const error = await thrownBy(readText(new Response(body), { bytes: 9_999 }, exceeded));
    expect(String(error)).to.equal('Error: more bytes');
    expect(seen).to.deep.equal({ pieces: 10, cancelled: error });
  });

  it('ends a body that takes too long, and cancels the source', async () => {
    const { body, seen } = endless(undefined);
    const error = await thrownBy(readText(new Response(body), { bytes: 1, seconds: 0.01 }, exceeded));
    expect(String(error)).to.equal('Error: more seconds');
    expect(seen.cancelled).to.equal(error);
  });

  it('does not read ahead of its reader', async () => {
    const { body, seen } = endless(new Uint8Array(10));
    const reader = limitBody(body, { bytes: 1e9, seconds: 60 }, exceeded).getReader();
    await reader.read();
    await reader.read();
    expect(seen.pieces).to.equal(2);
    await reader.cancel('enough');
    expect(seen.cancelled).to.equal('enough');
  });

  it('passes on the error of an incomplete body', async () => {
    const broken = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(new Error('broke off')) });
    const error = await thrownBy(readText(new Response(broken), { bytes: 9, seconds: 60 }, exceeded));
    expect(String(error)).to.equal('Error: broke off');
  });
});
