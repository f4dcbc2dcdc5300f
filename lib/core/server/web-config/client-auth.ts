import type { TLSSocket } from 'node:tls';

/** What is asked of a client's certificate, by the names of Go's `tls.ClientAuthType`. */
export const clientAuthTypes = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;

/** One of `clientAuthTypes`. */
export type ClientAuthType = (typeof clientAuthTypes)[number];

/** Whether a type has certificates checked against the authorities of `client_ca_file`. */
export function verifiesClients(type: ClientAuthType): boolean {
  return type === 'VerifyClientCertIfGiven' || type === 'RequireAndVerifyClientCert';
}

/** Whether a client whose handshake is done showed what is asked for. */
export function admitsClient(socket: TLSSocket, type: ClientAuthType): boolean {
  const isGiven = () => socket.getPeerX509Certificate() !== undefined;
  switch (type) {
    case 'NoClientCert':
    case 'RequestClientCert':
      return true;
    case 'RequireAnyClientCert':
      return isGiven();
    case 'VerifyClientCertIfGiven':
      return socket.authorized || !isGiven();
    case 'RequireAndVerifyClientCert':
      return socket.authorized && isGiven();
  }
}
