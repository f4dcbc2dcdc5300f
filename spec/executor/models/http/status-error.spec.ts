import { expect } from 'chai';
import fc from 'fast-check';
import type { CallFacts } from '../../../../lib/core/providers/call-facts.js';
import { retryAfterSeconds, statusError } from '../../../../lib/executor/models/http/status-error.js';

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
  const { name, message } = await statusError(facts, new Response(body, { status, headers }));
  return `${name}: ${message}`;
}

const at = 'The server at http://host';

describe('statusError', () => {
  const cases: readonly (readonly [status: number, body: string, said: string])[] = [
    [
      401,
      '{"error":{"message":"bad key s3cret."}}',
      `ModelAccessError: ${at} responded with status 401: bad key ***; give it a key.`,
    ],
    [403, 'no', `ModelAccessError: ${at} responded with status 403 and text/plain; give it a key.`],
    [
      404,
      '{"message":"The model `tiny` does not exist."}',
      `ModelNotFoundError: ${at} does not have the model tiny; get tiny.`,
    ],
    [
      404,
      '{"detail":"Not Found"}',
      `ModelProtocolError: ${at} responded with status 404: Not Found; is it there? See HOST.`,
    ],
    [404, 'not here', `ModelProtocolError: ${at} responded with status 404 and text/plain; is it there? See HOST.`],
    [400, '{"error":"too\\nlong"}', `ModelRequestError: ${at} responded with status 400: too long.`],
    [
      422,
      '{"detail":[{"loc":["body","n"]}]}',
      `ModelRequestError: ${at} responded with status 422: [{"loc":["body","n"]}].`,
    ],
    [413, '{"error":1}', `ModelProtocolError: ${at} responded with status 413 and text/plain; is it there? See HOST.`],
    [
      429,
      '{"error":"slow down"}',
      `ModelRateLimitError: ${at} responded with status 429: slow down; send fewer requests.`,
    ],
    [500, '{"error":"boom"}', `ModelServerError: ${at} responded with status 500: boom.`],
    [502, '', `ModelUnavailableError: ${at} responded with status 502 and text/plain; retry later.`],
    [529, '{"error":"busy"}', `ModelUnavailableError: ${at} responded with status 529: busy; retry later.`],
    [302, 'elsewhere', `ModelProtocolError: ${at} responded with status 302 and text/plain; is it there? See HOST.`],
  ];
  for (const [status, body, said] of cases) {
    it(`returns a ${said.split(':')[0]} for ${status} and ${JSON.stringify(body)}`, async () => {
      expect(await words(status, body, { 'Content-Type': 'text/plain' })).to.equal(said);
    });
  }

  it('states when to retry, if the server does', async () => {
    expect(await words(429, '{"error":"slow"}', { 'Retry-After': '1.2' })).to.match(/: slow; retry in 2 s\.$/);
    const busy = await statusError(facts, new Response('', { status: 503, headers: { 'Retry-After': '5' } }));
    expect(busy).to.include({ provider: 'test', model: 'tiny', status: 503, retryAfterSeconds: 5 });
  });

  it('truncates long reasons, but never within a secret', async () => {
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
    it(`parses ${JSON.stringify(headers)}`, () => {
      expect(secondsIn(headers)).to.equal(seconds);
    });
  }

  it('returns undefined or a finite number of at least zero for any text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x20-\x7e]*$/), (text) => {
        const seconds = secondsIn({ 'Retry-After': text }) ?? 0;
        expect(Number.isFinite(seconds) && seconds >= 0).to.equal(true);
      }),
    );
  });
});
