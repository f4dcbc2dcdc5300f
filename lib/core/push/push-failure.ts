/** Reasons by the code of the cause of a fetch error, or by the cause's message if the code is not listed. */
const reasons: Readonly<Record<string, string>> = {
  // Source: https://fetch.spec.whatwg.org/#port-blocking
  'bad port':
    'HTTP clients block its port, because it belongs to another protocol; expected another port, such as 9091',
  'unexpected redirect': 'it responded with a redirect; use the target URL of the redirect',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not support TLS; expected http:// instead of https://',
  EPROTO: 'it does not support TLS; expected http:// instead of https://',
  UND_ERR_SOCKET: 'it closed the connection without a response; check whether it expects https:// instead of http://',
  ECONNRESET: 'it closed the connection without a response; check whether it expects https:// instead of http://',
  ...Object.fromEntries(
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'].map((code) => [
      code,
      'Node does not trust the authority of its certificate; set NODE_EXTRA_CA_CERTS to the file of that authority',
    ]),
  ),
};

/** Describes why a request failed. The error of fetch only says "fetch failed"; its cause contains the reason. */
export function pushFailure(error: unknown): string {
  const { cause, message } = error as Error;
  const details = cause as (Error & { readonly code?: string }) | undefined;
  return (
    reasons[details?.code ?? ''] ?? reasons[details?.message ?? ''] ?? (details?.message || details?.code || message)
  );
}
