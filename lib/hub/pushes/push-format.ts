import { excerpt, PushRefused } from './push-refused.js';

/** The formats of a push. */
export type PushFormat = 'text' | 'openmetrics' | 'protobuf';

const PROTOBUF = 'application/vnd.google.protobuf';
const MESSAGE = 'io.prometheus.client.metricfamily';

/**
 * Selects the format of a push by its Content-Type. The default, also for unknown types, is the text format, as in a
 * Pushgateway.
 *
 * @throws {PushRefused} with status 415 for protobuf with another message type or encoding.
 */
export function pushFormat(contentType = ''): PushFormat {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  if (type === 'application/openmetrics-text') return 'openmetrics';
  if (type !== PROTOBUF) return 'text';
  const parameter = (name: string): string | undefined =>
    parameters
      .find((one) => one.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .replaceAll('"', '');
  if (parameter('proto') === MESSAGE && parameter('encoding') === 'delimited') return 'protobuf';
  throw new PushRefused(
    415,
    `the content type ${excerpt(contentType)} is not supported; expected ${PROTOBUF}; proto=io.prometheus.client.MetricFamily; ` +
      'encoding=delimited, or a text format.',
  );
}
