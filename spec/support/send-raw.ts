import { connect } from 'node:net';

/** Sends any bytes to a loopback port. Resolves with the response when the connection is closed. */
export async function sendRaw(port: number, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.end(bytes));
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    // A server may reset the connection after invalid input.
    socket.on('error', () => {});
    socket.once('close', () => resolve(answer));
    // Stop waiting if the server expects more input.
    socket.setTimeout(200, () => socket.destroy());
  });
}
