import type { TLSSocket } from 'node:tls';

/** The requirements for client certificates, with the names of Go's `tls.ClientAuthType`. */
export const clientAuthTypes = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;

/** One of `clientAuthTypes`. */
export type ClientAuthType = (typeof clientAuthTypes)[number];

/** Whether a type verifies certificates with the authorities in `client_ca_file`. */
export function verifiesClients(type: ClientAuthType): boolean {
  return type === 'VerifyClientCertIfGiven' || type === 'RequireAndVerifyClientCert';
}

/** Whether the certificate of a client meets the requirement. Call it after the handshake. */
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
