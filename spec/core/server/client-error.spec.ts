import { Duplex } from 'node:stream';
import { expect } from 'chai';
import { answerClientError, connectRequest } from '../../../lib/core/server/client-error.js';

/** A connection that stores the written bytes. */
class RecordingSocket extends Duplex {
  written = '';

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written += chunk.toString('latin1');
    done();
  }
}

describe('answerClientError', () => {
  const statuses = {
    [connectRequest]: '405 Method Not Allowed',
    HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
    ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
    HPE_INVALID_METHOD: '400 Bad Request',
  };
  for (const [code, status] of Object.entries(statuses)) {
    it(`responds to ${code} with ${status} and closes the connection`, async () => {
      const socket = new RecordingSocket();
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      expect(answerClientError({ code }, socket)).to.equal(true);
      await closed;
      expect(socket.written).to.equal(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    });
  }

  it('writes nothing into a response that has begun', () => {
    const socket = new RecordingSocket();
    expect(answerClientError({ code: 'HPE_INVALID_METHOD' }, socket, true)).to.equal(true);
    expect(socket.destroyed).to.equal(true);
    expect(socket.written).to.equal('');
  });

  for (const code of ['ECONNRESET', 'EPIPE']) {
    it(`returns false if the client only disconnected: ${code}`, () => {
      const socket = new RecordingSocket();
      expect(answerClientError({ code }, socket)).to.equal(false);
      expect(socket.destroyed).to.equal(true);
    });
  }
});
