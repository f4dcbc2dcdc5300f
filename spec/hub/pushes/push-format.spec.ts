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
    ['application/openmetrics-text; version="0.0.1"', 'openmetrics'],
    ['application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited', 'protobuf'],
    ['application/vnd.google.protobuf;encoding="delimited";proto="io.prometheus.client.MetricFamily"', 'protobuf'],
  ] as const;
  for (const [type, format] of formats) {
    it(`reads ${type ?? 'a body without a type'} as ${format}`, () => {
      expect(pushFormat(type)).to.equal(format);
    });
  }

  it('rejects OpenMetrics 2.0, whose samples OpenMetrics 1.0 does not have', () => {
    for (const version of ['2.0.0', '"2.0.0"', '3']) {
      const type = `application/openmetrics-text; version=${version}; charset=utf-8`;
      const problem = `the content type "${type.replaceAll('"', '\\"')}" is not supported; expected version=1.0.0, `;
      expect(() => pushFormat(type))
        .to.throw(PushRefused, `${problem}protobuf or text/plain.`)
        .with.property('status', 415);
    }
  });

  it('rejects protobuf with another message type or encoding', () => {
    const types = ['', '; encoding=delimited', '; proto=io.prometheus.client.MetricFamily; encoding=text'];
    for (const parameters of types) {
      expect(() => pushFormat(`application/vnd.google.protobuf${parameters}`))
        .to.throw(PushRefused, 'encoding=delimited, or a text format')
        .with.property('status', 415);
    }
  });
});
