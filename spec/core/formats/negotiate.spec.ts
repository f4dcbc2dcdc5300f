import { expect } from 'chai';
import fc from 'fast-check';
import {
  allowsOpenMetrics2,
  negotiateExposition,
  prefersHtml,
  wantsCreated,
} from '../../../lib/core/formats/negotiate.js';

const negotiateFormat = (accept?: string) => negotiateExposition(accept).format;

describe('negotiateExposition', () => {
  const openMetrics = 'application/openmetrics-text';
  const prometheus =
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
  const prometheus3 =
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1';
  const protobufFirst = `application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,${prometheus.replace(';version=1.0.0', ';version=1.0.0;q=0.8')}`;

  const cases: Readonly<Record<'text' | 'openmetrics' | 'protobuf', readonly (string | undefined)[]>> = {
    openmetrics: [
      ...[prometheus, prometheus3, openMetrics, `${openMetrics};version=1.0.0`],
      ...[`${openMetrics}; version=0.0.1`, 'APPLICATION/OpenMetrics-Text; VERSION="1.0.0"', 'application/*'],
      ...[
        `${openMetrics}, */*`,
        `*/*, ${openMetrics}`,
        `${openMetrics}, text/plain`,
        `text/plain;q=0.5, ${openMetrics};q=0.6`,
      ],
      ...[`text/plain;q=0, ${openMetrics};q=0.001`, `${openMetrics};version=2.0.0, ${openMetrics};version=1.0.0;q=0.5`],
      ...[
        `text/plain;version=1.0.0;q=0.1, ${openMetrics};q=0.2`,
        'text/*;q=0.5, application/*',
        `${openMetrics};a="x,y;q=0"`,
      ],
      ...['text/plain;q=0.1, */*'],
    ],
    protobuf: [
      ...[protobufFirst, 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited'],
      'application/vnd.google.protobuf; encoding="delimited"; proto=io.prometheus.client.MetricFamily, text/plain;q=0.9',
    ],
    text: [
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text',
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=compact-text, */*;q=0.1',
      ...['application/vnd.google.protobuf;encoding=delimited', 'application/vnd.google.protobuf;proto=other'],
      ...[
        undefined,
        '',
        '*/*',
        'text/plain',
        'text/plain;version=0.0.4',
        'text/*',
        'application/json',
        'garbage',
        ';;,,=,"',
      ],
      ...['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', `${openMetrics};version=2.0.0`],
      ...[`${openMetrics};version=1.0.0;q=0`, `${openMetrics};q=0, */*`, `${openMetrics};q=0.4, text/plain;q=0.5`],
      ...[`text/plain, ${openMetrics}`, `${openMetrics};q=0.5, */*`, `${openMetrics};q=high`, `${openMetrics};q=2`],
      ...[`${openMetrics};q=-1`, 'application/*, text/plain;version=0.0.4', `*/*;q=0, ${openMetrics};q=0`],
      ...['application/vnd.google.protobuf', `${openMetrics}-more`, `x${openMetrics}`],
    ],
  };
  for (const format of ['openmetrics', 'text', 'protobuf'] as const) {
    for (const accept of cases[format]) {
      it(`is ${format} for ${accept ?? 'no header'}`, () => {
        expect(negotiateFormat(accept)).to.equal(format);
      });
    }
  }

  const escapes: readonly (readonly [accept: string, format: string, escaping: string, states: boolean])[] = [
    ['', 'text', 'underscores', false],
    ['text/plain;version=0.0.4;escaping=values', 'text', 'values', false],
    ['text/plain;version=0.0.4;escaping=allow-utf-8', 'text', 'underscores', false],
    ['text/plain;version=1.0.0', 'text-1.0', 'underscores', true],
    ['text/plain;version=1.0.0;escaping=allow-utf-8', 'text-1.0', 'allow-utf-8', true],
    ['text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5, text/plain;version=0.0.4', 'text', 'underscores', false],
    [`${openMetrics};version=1.0.0;escaping=dots`, 'openmetrics', 'dots', true],
    [`${openMetrics};escaping="Allow-UTF-8"`, 'openmetrics', 'allow-utf-8', true],
    [`${openMetrics};version=1.0.0;escaping=unknown`, 'openmetrics', 'underscores', true],
    [`${openMetrics};version=1.0.0`, 'openmetrics', 'underscores', false],
    [`${openMetrics};escaping=values;q=0.2, ${openMetrics};escaping=dots;q=0.3`, 'openmetrics', 'dots', true],
    [`${openMetrics};version=0.0.1;q=0.2, ${openMetrics};version=1.0.0;escaping=dots`, 'openmetrics', 'dots', true],
    ['text/plain;version=9;escaping=values', 'text', 'underscores', false],
    ['*/*;escaping=values', 'text', 'values', false],
    [prometheus, 'openmetrics', 'underscores', false],
    [prometheus3, 'openmetrics', 'allow-utf-8', true],
  ];
  for (const [accept, format, escaping, statesEscaping] of escapes) {
    it(`is ${format} with ${escaping} for ${accept}`, () => {
      expect(negotiateExposition(accept)).to.deep.equal({ format, escaping, statesEscaping });
    });
  }

  it('offers the text format 1.0.0 only by its version', () => {
    for (const accept of ['text/plain;q=0, */*;q=0.5', 'text/*', 'text/plain;version=1.0', 'text/plain']) {
      expect(negotiateFormat(accept)).not.to.equal('text-1.0');
    }
  });

  it('offers OpenMetrics 2.0 only if the server does, and only by its version', () => {
    const accept = `${openMetrics};version=2.0.0;escaping=allow-utf-8;q=0.8`;
    const older = `${accept}, ${openMetrics};version=1.0.0;q=0.7`;
    expect(negotiateExposition(accept, { openMetrics2: true })).to.deep.equal({
      format: 'openmetrics-2.0',
      escaping: 'allow-utf-8',
      statesEscaping: true,
    });
    expect(negotiateExposition(older, { openMetrics2: true }).format).to.equal('openmetrics-2.0');
    expect(negotiateExposition(`${openMetrics}`, { openMetrics2: true }).format).to.equal('openmetrics');
    expect([accept, older].map(negotiateFormat)).to.deep.equal(['text', 'openmetrics']);
  });

  it('has a result for each scrape protocol of Prometheus 3', () => {
    const protobuf = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
    const protocols: Readonly<Record<string, string>> = {
      [`${protobuf};q=0.7,*/*;q=0.6`]: 'protobuf',
      [`${protobuf};q=0.8,${openMetrics};version=2.0.0;q=0.7,*/*;q=0.6`]: 'protobuf',
      'text/plain;version=0.0.4;q=0.7,*/*;q=0.6': 'text',
      'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.7,*/*;q=0.6': 'text-1.0',
      'application/openmetrics-text;version=0.0.1;q=0.7,*/*;q=0.6': 'openmetrics',
      'application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.7,*/*;q=0.6': 'openmetrics',
      'application/openmetrics-text;version=2.0.0;escaping=allow-utf-8;q=0.7,*/*;q=0.6': 'openmetrics-2.0',
    };
    for (const [accept, format] of Object.entries(protocols)) {
      expect(negotiateExposition(accept, { openMetrics2: true }).format).to.equal(format);
    }
  });

  it('accepts any header, and chooses text if it does not name OpenMetrics', () => {
    const part = fc.constantFrom('text/plain', '*/*', ',', ';', 'q=', 'q=0', '=', '"', '\\', ' ', '1', 'version=', '.');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join('')),
        ),
        (accept) => {
          fc.pre(!/application/i.test(accept) && !/text.*\*|\*.*text/is.test(accept));
          expect(negotiateFormat(accept)).to.equal('text');
        },
      ),
    );
  });

  it('is not slow for a malicious header', () => {
    for (const part of ['"\\', ',"', ';="', 'a;', '\\"', ' =', ' ', '\t;']) {
      expect(negotiateFormat(`a;${part.repeat(40_000)}x`)).to.equal('text');
      expect(negotiateFormat(`text/plain;escaping=${part.repeat(40_000)}x`)).to.be.a('string');
    }
  });
});

describe('prefersHtml', () => {
  const chromium =
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7';
  const prometheus = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
  const html: readonly string[] = [
    ...[chromium, 'text/html', 'text/html;charset=utf-8', 'TEXT/HTML, */*', 'text/html, text/plain'],
    ...['text/html;q=0.5, text/plain;q=0.4', '*/*;q=0.1, text/html;q=0.1', 'text/*, text/html'],
  ];
  const metrics: readonly (string | undefined)[] = [
    ...[undefined, '', '*/*', 'text/*', 'text/plain', 'application/json', prometheus, 'text/html;q=0'],
    ...[
      'text/plain, text/html',
      'text/html;q=0.4, text/plain;q=0.5',
      `${prometheus}, text/html;q=0.9`,
      'text/html;q=0.5, */*',
    ],
  ];
  for (const accept of html) {
    it(`is true for ${accept}`, () => {
      expect(prefersHtml(accept)).to.equal(true);
    });
  }
  for (const accept of metrics) {
    it(`is false for ${accept ?? 'no header'}`, () => {
      expect(prefersHtml(accept)).to.equal(false);
    });
  }
});

describe('wantsCreated', () => {
  it('is true only if the query requests `_created` samples', () => {
    for (const query of ['created=1', 'a=b&created=true']) {
      expect(wantsCreated(new URLSearchParams(query)), query).to.equal(true);
    }
    for (const query of ['', 'created=0', 'created=', 'created=no', 'name[]=created']) {
      expect(wantsCreated(new URLSearchParams(query)), query).to.equal(false);
    }
  });
});

describe('allowsOpenMetrics2', () => {
  it('is true for openmetrics2=1 and openmetrics2=true', () => {
    for (const query of ['openmetrics2=1', 'openmetrics2=true&created=1']) {
      expect(allowsOpenMetrics2(new URLSearchParams(query))).to.equal(true);
    }
    for (const query of ['', 'openmetrics2=0', 'openmetrics2', 'created=1']) {
      expect(allowsOpenMetrics2(new URLSearchParams(query))).to.equal(false);
    }
  });

  it('uses the first escaping of the header for protobuf, because Prometheus 3 states none for it', () => {
    const protobuf = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
    const text = 'text/plain;version=1.0.0';
    for (const [accept, escaping, statesEscaping] of [
      [`${protobuf};q=0.7,${text};escaping=allow-utf-8;q=0.5`, 'allow-utf-8', true],
      [`${protobuf};q=0.7,${text};escaping=values;q=0.5,*/*;escaping=dots;q=0.1`, 'values', true],
      [`${protobuf};escaping=dots;q=0.7,${text};escaping=values;q=0.5`, 'dots', true],
      [`${protobuf},${text};escaping=values;q=0`, 'underscores', false],
      [`${protobuf},${text};escaping=other;q=0.5`, 'underscores', false],
      [protobuf, 'underscores', false],
    ] as const) {
      expect(negotiateExposition(accept), accept).to.deep.equal({ format: 'protobuf', escaping, statesEscaping });
    }
  });
});
