import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { listen } from '../../../lib/core/server/listen.js';
import { writeBody } from '../../../lib/core/server/write-body.js';
import { ask } from '../../support/ask.js';

describe('writeBody', () => {
  let answer: (response: ServerResponse) => unknown = () => {};
  const server = createServer((_request, response) => void answer(response));
  let port: number;
  before(async () => {
    port = await listen(server, '127.0.0.1', 0);
  });
  after(() => server.close());
  const url = () => `http://127.0.0.1:${port}/`;

  it('sends any text and any bytes completely', async () => {
    const long = fc.tuple(fc.string({ unit: 'binary', maxLength: 5 }), fc.integer({ min: 65_530, max: 65_540 }));
    const bodies = long.map(([end, length]) => `${'é'.repeat(length)}${end}😀${'x'.repeat(70_000)}`);
    await fc.assert(
      fc.asyncProperty(fc.oneof(bodies, fc.constant('')), fc.boolean(), async (body, asBytes) => {
        const bytes = Buffer.from(body);
        let whole: Promise<boolean> | undefined;
        answer = (response) => {
          response.setHeader('Content-Length', bytes.length);
          whole = writeBody(response, asBytes ? bytes : body);
        };
        expect((await ask(url())).body === bytes.toString()).to.equal(true);
        expect(await whole).to.equal(true);
      }),
      { numRuns: 30 },
    );
  });

  it('sends only the headers for HEAD', async () => {
    let whole: Promise<boolean> | undefined;
    answer = (response) => {
      response.setHeader('Content-Length', 200_000);
      whole = writeBody(response, 'x'.repeat(200_000));
    };
    const { body, headers } = await ask(url(), { method: 'HEAD' });
    expect([body, headers['content-length']]).to.deep.equal(['', '200000']);
    expect(await whole).to.equal(true);
  });

  it('stops when the client has disconnected', async () => {
    let whole: Promise<boolean> | undefined;
    answer = (response) => {
      whole = writeBody(response, 'x'.repeat(50_000_000));
    };
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    expect(await whole).to.equal(false);
  });
});
