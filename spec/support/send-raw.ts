import { connect } from 'node:net';

/** Sends bytes to a port of this machine, whatever they are, and waits until that connection is over. */
export async function sendRaw(port: number, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.end(bytes));
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    // A server may reset a connection that talks nonsense.
    socket.on('error', () => {});
    socket.once('close', () => resolve(answer));
    // One that waits for more than has come is left to its time limits.
    socket.setTimeout(200, () => socket.destroy());
  });
}
