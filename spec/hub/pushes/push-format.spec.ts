import { expect } from 'chai';
import { pushFormat } from '../../../lib/hub/pushes/push-format.js';
import { PushRefused } from '../../../lib/hub/pushes/push-refused.js';

describe('pushFormat', () => {
  const formats = [
    [undefined, 'text'],
    ['', 'text'],
    ['text/plain', 'text'],
    ['text/plain; version=1.0.0; escaping=allow-utf-8', 'text'],
    ['application/octet-stream', 'text'],
    [';;;', 'text'],
    ['application/openmetrics-text', 'openmetrics'],
    ['Application/OpenMetrics-Text; version=1.0.0; charset=utf-8', 'openmetrics'],
    ['application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited', 'protobuf'],
    ['application/vnd.google.protobuf;encoding="delimited";proto="io.prometheus.client.MetricFamily"', 'protobuf'],
  ] as const;
  for (const [type, format] of formats) {
    it(`reads ${type ?? 'a body without a type'} as ${format}`, () => {
      expect(pushFormat(type)).to.equal(format);
    });
  }

  it('rejects protobuf with another message type or encoding', () => {
    const types = ['', '; encoding=delimited', '; proto=io.prometheus.client.MetricFamily; encoding=text'];
    for (const parameters of types) {
      expect(() => pushFormat(`application/vnd.google.protobuf${parameters}`))
        .to.throw(PushRefused, 'encoding=delimited, or a text format')
        .with.property('status', 415);
    }
  });
});
