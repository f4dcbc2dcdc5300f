import { expect } from 'chai';
import fc from 'fast-check';
import { acceptsGzip, negotiateFormat, prefersHtml, wantsCreated } from '../../../lib/core/formats/negotiate.js';

describe('negotiateFormat', () => {
  const openMetrics = 'application/openmetrics-text';
  const prometheus =
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
  const prometheus3 =
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1';
  const protobufFirst = `application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,${prometheus.replace(';version=1.0.0', ';version=1.0.0;q=0.8')}`;

  const cases: Readonly<Record<'text' | 'openmetrics', readonly (string | undefined)[]>> = {
    openmetrics: [
      ...[prometheus, prometheus3, protobufFirst, openMetrics, `${openMetrics};version=1.0.0`],
      ...[`${openMetrics}; version=0.0.1`, 'APPLICATION/OpenMetrics-Text; VERSION="1.0.0"', 'application/*'],
      ...[
        `${openMetrics}, */*`,
        `*/*, ${openMetrics}`,
        `${openMetrics}, text/plain`,
        `text/plain;q=0.5, ${openMetrics};q=0.6`,
      ],
      ...[`text/plain;q=0, ${openMetrics};q=0.001`, `${openMetrics};version=2.0.0, ${openMetrics};version=1.0.0;q=0.5`],
      ...[
        `text/plain;version=1.0.0, ${openMetrics};q=0.2`,
        'text/*;q=0.5, application/*',
        `${openMetrics};a="x,y;q=0"`,
      ],
      ...['text/plain;q=0.1, */*'],
    ],
    text: [
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
  for (const format of ['openmetrics', 'text'] as const) {
    for (const accept of cases[format]) {
      it(`is ${format} for ${accept ?? 'no header'}`, () => {
        expect(negotiateFormat(accept)).to.equal(format);
      });
    }
  }

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

describe('acceptsGzip', () => {
  const yes = [
    'gzip',
    'GZIP',
    'x-gzip',
    'gzip, deflate, br',
    'deflate, gzip;q=0.5',
    '*',
    'br, *;q=0.1',
    'gzip;q=1.0, identity;q=0.5',
  ];
  const no = [
    undefined,
    '',
    'identity',
    'br',
    'gzip;q=0',
    'gzip;q=0.000',
    '*;q=0',
    '*, gzip;q=0',
    'gzip;q=0.5, identity',
    'gzip;q=no',
  ];
  for (const header of yes) it(`is true for ${header}`, () => expect(acceptsGzip(header)).to.equal(true));
  for (const header of no)
    it(`is false for ${header ?? 'no header'}`, () => expect(acceptsGzip(header)).to.equal(false));

  it('uses gzip if `*` excludes everything else', () => {
    expect(acceptsGzip('gzip, *;q=0')).to.equal(true);
  });
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
