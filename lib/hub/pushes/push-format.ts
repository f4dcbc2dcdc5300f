import { excerpt, PushRefused } from './push-refused.js';

/** The formats of a push. */
export type PushFormat = 'text' | 'openmetrics' | 'protobuf';

const PROTOBUF = 'application/vnd.google.protobuf';
const MESSAGE = 'io.prometheus.client.metricfamily';

/**
 * Selects the format of a push by its Content-Type. The default, also for unknown types, is the text format, as in a
 * Pushgateway.
 *
 * @throws {PushRefused} with status 415 for OpenMetrics 2.0 or later, and for protobuf with another message type or
 *   encoding.
 */
export function pushFormat(contentType = ''): PushFormat {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  const parameter = (name: string): string | undefined =>
    parameters
      .find((one) => one.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .replaceAll('"', '');
  const refuse = (expected: string): never => {
    throw new PushRefused(415, `the content type ${excerpt(contentType)} is not supported; expected ${expected}.`);
  };
  if (type === 'application/openmetrics-text') {
    const isNewer = Number.parseInt(parameter('version') ?? '', 10) >= 2;
    return isNewer ? refuse('version=1.0.0, protobuf or text/plain') : 'openmetrics';
  }
  if (type !== PROTOBUF) return 'text';
  if (parameter('proto') === MESSAGE && parameter('encoding') === 'delimited') return 'protobuf';
  return refuse(`${PROTOBUF}; proto=io.prometheus.client.MetricFamily; encoding=delimited, or a text format`);
}
