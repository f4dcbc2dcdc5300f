import { expect } from 'chai';
import { checkOptionTypes } from '../../../lib/core/errors/check-option-types.js';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';
import {
  instrumentModel,
  isTinyLLMError,
  metricsCallbacks,
  metricsMiddleware,
  pushMetrics,
  startMetricsServer,
  writeMetricsFile,
} from '../../../lib/core/index.js';

describe('checkOptionTypes', () => {
  const types = { port: 'number', graph: ['string', 'function'], registry: 'object' } as const;
  const check = (options: unknown) => () => checkOptionTypes('start', options, types);

  it('accepts no options, some options, and options that are undefined', () => {
    for (const options of [{}, { port: 1, graph: 'g' }, { graph: () => 'g' }, { port: undefined, registry: {} }]) {
      expect(check(options)).not.to.throw();
    }
  });

  const rejected: readonly [options: unknown, message: string][] = [
    [{ prot: 1 }, 'start got an option "prot"; expected any of port, graph, registry.'],
    [{ toString: 1 }, 'start got an option "toString"; expected any of port, graph, registry.'],
    [{ port: '9090' }, 'start got a value of type string for the option "port"; expected a number.'],
    [{ graph: 5 }, 'start got 5 for the option "graph"; expected a string or a function.'],
    [{ registry: null }, 'start got null for the option "registry"; expected an object.'],
    [null, 'start got null; expected an object of options.'],
    ['secret', 'start got a value of type string; expected an object of options.'],
    [[], 'start got an array; expected an object of options.'],
  ];
  for (const [options, message] of rejected) {
    it(`rejects ${JSON.stringify(options)}`, () => {
      expect(check(options)).to.throw(MetricsConfigurationError, message);
    });
  }
});

describe('The functions of the package', () => {
  const rejected: readonly [title: string, call: () => unknown, message: RegExp][] = [
    [
      'startMetricsServer',
      () => startMetricsServer({ port: 0, webConfig: 'web.config.yml' } as never),
      /^startMetricsServer got an option "webConfig"; expected any of port, host, .*webConfigFile/,
    ],
    ['startMetricsServer', () => startMetricsServer('9090' as never), /got a value of type string; expected an object/],
    ['startMetricsServer', () => startMetricsServer({ port: 0, host: 5 } as never), /got 5 for the option "host"/],
    ['pushMetrics', () => pushMetrics(undefined as never), /^pushMetrics got undefined; expected an object/],
    ['pushMetrics', () => pushMetrics({ job: 'x' } as never), /got nothing for the option "url"; expected a URL/],
    ['pushMetrics', () => pushMetrics({ url: 'http://a', method: 'PATCH' as never }), /"method"; expected PUT or POST/],
    [
      'pushMetrics',
      () => pushMetrics({ url: 'http://127.0.0.1:1', timeoutMilliseconds: -1 }),
      /got -1 for the option "timeoutMilliseconds"; expected a number from 1 to 2147483647/,
    ],
    [
      'pushMetrics',
      () => pushMetrics({ url: 'http://127.0.0.1:1', groupings: { a: 5 as never } }),
      /label a of a push has a value of type number; expected a string/,
    ],
    ['writeMetricsFile', () => writeMetricsFile(undefined as never), /does not end in \.prom/],
    [
      'instrumentModel',
      () => instrumentModel({}, { grpah: 'x' } as never),
      /got an option "grpah"; expected any of graph/,
    ],
    ['metricsMiddleware', () => metricsMiddleware({ graph: 5 } as never), /got 5 for the option "graph"/],
    [
      'metricsCallbacks',
      () => metricsCallbacks({ silent: 5 } as never),
      /"silent"; expected any of .*silentAfterSeconds/,
    ],
  ];
  for (const [title, call, message] of rejected) {
    it(`reject wrong options: ${title}, ${message.source}`, async () => {
      const error = await Promise.resolve()
        .then(call)
        .then(
          () => undefined,
          (problem: unknown) => problem,
        );
      expect(error).to.be.an('error').with.property('message').that.matches(message);
      expect(isTinyLLMError(error)).to.equal(true);
    });
  }
});
