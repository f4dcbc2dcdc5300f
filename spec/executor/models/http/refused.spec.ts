import { expect } from 'chai';
import fc from 'fast-check';
import type { CallFacts } from '../../../../lib/core/providers/call-facts.js';
import { refused, retryAfterSeconds } from '../../../../lib/executor/models/http/refused.js';

const facts: CallFacts = {
  provider: 'test',
  name: 'The server',
  url: 'http://host',
  model: 'tiny',
  setting: 'HOST',
  usualPort: 80,
  whenAbsent: 'start it',
  whenOther: 'is it there? See HOST',
  whenMissing: (model) => `get ${model}`,
  whenLocked: 'give it a key',
  secret: 's3cret',
};

async function words(status: number, body: string, headers: Record<string, string> = {}): Promise<string> {
  const { name, message } = await refused(facts, new Response(body, { status, headers }));
  return `${name}: ${message}`;
}

const at = 'The server at http://host';

describe('refused', () => {
  const cases: readonly (readonly [status: number, body: string, said: string])[] = [
    [
      401,
      '{"error":{"message":"bad key s3cret."}}',
      `ModelAccessError: ${at} answered with status 401: bad key ***; give it a key.`,
    ],
    [403, 'no', `ModelAccessError: ${at} answered with status 403 and text/plain; give it a key.`],
    [
      404,
      '{"message":"The model `tiny` does not exist."}',
      `ModelNotFoundError: ${at} does not have the model tiny; get tiny.`,
    ],
    [
      404,
      '{"detail":"Not Found"}',
      `ModelProtocolError: ${at} answered with status 404: Not Found; is it there? See HOST.`,
    ],
    [404, 'not here', `ModelProtocolError: ${at} answered with status 404 and text/plain; is it there? See HOST.`],
    [400, '{"error":"too\\nlong"}', `ModelRequestError: ${at} answered with status 400: too long.`],
    [
      422,
      '{"detail":[{"loc":["body","n"]}]}',
      `ModelRequestError: ${at} answered with status 422: [{"loc":["body","n"]}].`,
    ],
    [413, '{"error":1}', `ModelProtocolError: ${at} answered with status 413 and text/plain; is it there? See HOST.`],
    [429, '{"error":"slow down"}', `ModelRateLimitError: ${at} answered with status 429: slow down; ask less often.`],
    [500, '{"error":"boom"}', `ModelServerError: ${at} answered with status 500: boom.`],
    [502, '', `ModelUnavailableError: ${at} answered with status 502 and text/plain; ask again later.`],
    [529, '{"error":"busy"}', `ModelUnavailableError: ${at} answered with status 529: busy; ask again later.`],
    [302, 'elsewhere', `ModelProtocolError: ${at} answered with status 302 and text/plain; is it there? See HOST.`],
  ];
  for (const [status, body, said] of cases) {
    it(`takes ${status} and ${JSON.stringify(body)} for a ${said.split(':')[0]}`, async () => {
      expect(await words(status, body, { 'Content-Type': 'text/plain' })).to.equal(said);
    });
  }

  it('says when to ask again, as far as the server does', async () => {
    expect(await words(429, '{"error":"slow"}', { 'Retry-After': '1.2' })).to.match(/: slow; ask again in 2 s\.$/);
    const busy = await refused(facts, new Response('', { status: 503, headers: { 'Retry-After': '5' } }));
    expect(busy).to.include({ provider: 'test', model: 'tiny', status: 503, retryAfterSeconds: 5 });
  });

  it('cuts long words short, and no secret in two', async () => {
    const said = await words(400, JSON.stringify({ error: `${'x'.repeat(197)}s3cret` }));
    expect(said).to.match(/x\*\*\*\.$/);
    expect(await words(400, JSON.stringify({ error: 'x'.repeat(300) }))).to.match(/: x{200}…\.$/);
  });
});

const secondsIn = (headers: Record<string, string>): number | undefined =>
  retryAfterSeconds(new Headers(headers), Date.parse('2026-01-01T00:00:00Z'));

describe('retryAfterSeconds', () => {
  const stated: readonly (readonly [headers: Record<string, string>, seconds: number | undefined])[] = [
    [{}, undefined],
    [{ 'Retry-After': '7' }, 7],
    [{ 'Retry-After': ' 0 ' }, 0],
    [{ 'Retry-After': '1.5' }, 1.5],
    [{ 'Retry-After': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30],
    [{ 'Retry-After': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    [{ 'Retry-After': '9', 'Retry-After-Ms': '250' }, 0.25],
    [{ 'Retry-After': '-1' }, undefined],
    [{ 'Retry-After': '2026' }, 2026],
    [{ 'Retry-After': 'soon' }, undefined],
    [{ 'Retry-After': '' }, undefined],
    [{ 'Retry-After-Ms': 'soon' }, undefined],
  ];
  for (const [headers, seconds] of stated) {
    it(`reads ${JSON.stringify(headers)}`, () => {
      expect(secondsIn(headers)).to.equal(seconds);
    });
  }

  it('gives a finite number that is not negative, or nothing, for any text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x20-\x7e]*$/), (text) => {
        const seconds = secondsIn({ 'Retry-After': text }) ?? 0;
        expect(Number.isFinite(seconds) && seconds >= 0).to.equal(true);
      }),
    );
  });
});
