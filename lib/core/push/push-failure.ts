/** What fetch fails with, by code or by words where there is no code, in ours. */
const reasons: Readonly<Record<string, string>> = {
  // Source: https://fetch.spec.whatwg.org/#port-blocking
  'bad port':
    'its port belongs to another protocol, and no HTTP client connects to it; expected another port, such as 9091',
  'unexpected redirect': 'it sends the push elsewhere; name the URL it leads to',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it speaks no TLS; expected http:// in place of https://',
  EPROTO: 'it speaks no TLS; expected http:// in place of https://',
  UND_ERR_SOCKET: 'it closed the connection without an answer; does it expect https:// in place of http://?',
  ECONNRESET: 'it closed the connection without an answer; does it expect https:// in place of http://?',
  ...Object.fromEntries(
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'].map((code) => [
      code,
      "Node does not know its certificate's authority; name that one's file in NODE_EXTRA_CA_CERTS",
    ]),
  ),
};

/** Why nobody answered a request: fetch says only "fetch failed", and what happened is underneath. */
export function pushFailure(error: unknown): string {
  const { cause, message } = error as Error;
  const under = cause as (Error & { readonly code?: string }) | undefined;
  return reasons[under?.code ?? ''] ?? reasons[under?.message ?? ''] ?? (under?.message || under?.code || message);
}
