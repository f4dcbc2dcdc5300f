import fc from 'fast-check';

const gauge = { name: 'given', help: 'Given.', type: 'gauge', values: [{ labels: {}, value: 1 }] };
const histogram = { ...gauge, type: 'histogram' };

function cyclic(): object {
  const object: Record<string, unknown> = { ...gauge };
  object.values = object;
  return object;
}

function withGetter(property: string): object {
  return Object.defineProperty({ ...gauge }, property, {
    get() {
      throw new Error('no');
    },
  });
}

function throwingProxy(target: object): object {
  const fail = (): never => {
    throw new Error('no');
  };
  return new Proxy(target, {
    get: fail,
    has: fail,
    ownKeys: fail,
    getPrototypeOf: fail,
    getOwnPropertyDescriptor: fail,
  });
}

/** Invalid or partly invalid values that `get()` of a registered metric may return, by title. */
export const hostileData: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  'a string': () => 'given 1\n',
  'no name': () => ({ ...gauge, name: undefined }),
  'an invalid name': () => ({ ...gauge, name: 'http\0requests' }),
  'invalid label names': () => ({ ...gauge, values: [{ labels: { 'http\0method': 'GET', '\ud800': 'b' }, value: 1 }] }),
  'two label names that become equal': () => ({ ...gauge, values: [{ labels: { 'a.b': 1, a_b: 2 }, value: 1 }] }),
  'the label __name__': () => ({ ...gauge, values: [{ labels: { __name__: 'up' }, value: 1 }] }),
  'values that differ in lone surrogates': () => ({
    ...gauge,
    values: ['\ud800', '\udc00'].map((a, value) => ({ labels: { a }, value })),
  }),
  'a series twice': () => ({ ...gauge, values: [...gauge.values, ...gauge.values] }),
  'a series twice, once with an empty label': () => ({
    ...gauge,
    values: [...gauge.values, { labels: { a: '' }, value: 2 }],
  }),
  'no type': () => ({ ...gauge, type: undefined }),
  'an unknown type': () => ({ ...gauge, type: 'gauge\nevil 1' }),
  'no help': () => ({ ...gauge, help: undefined }),
  'values that are not a list': () => ({ ...gauge, values: { length: 1 } }),
  'a list of null': () => ({ ...gauge, values: [null] }),
  'values without labels': () => ({ ...gauge, values: [{ value: 1 }] }),
  'labels that are a string': () => ({ ...gauge, values: [{ labels: 'ab', value: 1 }] }),
  'a label that has no text': () => ({ ...gauge, values: [{ labels: { a: Object.create(null) }, value: 1 }] }),
  'a value that is not a number': () => ({ ...gauge, values: [{ labels: {}, value: '1\nevil 1' }] }),
  'a value that rejects': () => ({ ...gauge, values: [{ labels: {}, value: Promise.reject(new Error('no')) }] }),
  'values that reject': () => ({ ...gauge, values: Promise.reject(new Error('no')) }),
  'a sample of another name': () => ({ ...gauge, values: [{ labels: {}, value: 1, metricName: 'given_max' }] }),
  'a histogram without histogram samples': () => histogram,
  'a histogram without +Inf': () => ({
    ...histogram,
    values: [{ labels: { le: 1 }, value: 1, metricName: 'given_bucket' }],
  }),
  'a histogram with decreasing buckets': () => ({
    ...histogram,
    values: [1, '+Inf'].map((le, index) => ({ labels: { le }, value: 2 - index, metricName: 'given_bucket' })),
  }),
  'a histogram with another count than its buckets': () => ({
    ...histogram,
    values: [
      { labels: { le: '+Inf' }, value: 1, metricName: 'given_bucket' },
      { labels: {}, value: 1, metricName: 'given_sum' },
      { labels: {}, value: 2, metricName: 'given_count' },
    ],
  }),
  'a quantile that is not a number': () => ({
    ...gauge,
    type: 'summary',
    values: [{ labels: { quantile: 'half' }, value: 1 }],
  }),
  'an invalid exemplar': () => ({
    ...gauge,
    name: 'given',
    type: 'counter',
    values: [{ labels: {}, value: 1, exemplar: { labelSet: null, value: null } }],
  }),
  'a cyclic object': cyclic,
  'a name that throws': () => withGetter('name'),
  'values that throw': () => withGetter('values'),
  'a Proxy that throws': () => throwingProxy({}),
  'labels that are a Proxy that throws': () => ({ ...gauge, values: [{ labels: throwingProxy({}), value: 1 }] }),
};

/** Metrics whose `get` fails, and objects that are not metrics, by title. */
export const hostileMetrics: Readonly<Record<string, () => object>> = {
  'get throws': () => ({
    get() {
      throw new Error('no');
    },
  }),
  'get rejects': () => ({ get: () => Promise.reject(new Error('no')) }),
  'get rejects with undefined': () => ({ get: () => Promise.reject() }),
  'there is no get': () => ({}),
  'reading get throws': () =>
    Object.defineProperty({}, 'get', {
      get() {
        throw new Error('no');
      },
    }),
  'reading the type throws': () =>
    Object.defineProperty({ get: () => null }, 'type', {
      get() {
        throw new Error('no');
      },
    }),
};

const name = fc.oneof(
  fc.constantFrom('given', 'given_total', 'healthy', 'healthy_total', 'http.requests', 'a"b', '1st', '', '\ud800', 'ä'),
  fc.constantFrom('given_bucket', 'given_sum', 'given_count', '__name__', '__proto__', 'le', 'quantile'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
/** Placeholders for objects that fast-check can't contain. */
const PROXY = Symbol('a Proxy that throws');
const CYCLE = Symbol('a cyclic object');

/** Replaces the placeholders in a generated value with hostile objects. */
function withHostileObjects(value: unknown): unknown {
  if (value === PROXY) return throwingProxy({});
  if (value === CYCLE) return cyclic();
  if (Array.isArray(value)) return value.map(withHostileObjects);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withHostileObjects(one)]));
}

const garbage = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, '', 'text', 0, Number.NaN, true, Symbol('s'), 1n, [], {}, PROXY, CYCLE),
  fc.constant(() => {}),
);
const mostly = <Value>(good: fc.Arbitrary<Value>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 8, arbitrary: good as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: garbage });
const number = fc.oneof(fc.nat(3), fc.double(), fc.constantFrom(-1, Number.POSITIVE_INFINITY));
const text = fc.oneof(fc.constantFrom('', '\ud800', '\udfff', '"', '\n', '\\', 'a'), fc.string({ unit: 'binary' }));
const labels = fc.dictionary(name, mostly(fc.oneof(text, fc.constantFrom<unknown>('0.5', 1, '+Inf', '1'), fc.nat(2))), {
  maxKeys: 3,
});
const sample = fc.record(
  {
    labels: mostly(labels),
    sharedLabels: mostly(labels),
    value: mostly(number),
    metricName: mostly(fc.oneof(name, fc.constant(undefined))),
    exemplar: mostly(
      fc.record({ labelSet: mostly(labels), value: mostly(number), timestamp: mostly(number) }, { requiredKeys: [] }),
    ),
  },
  { requiredKeys: ['labels', 'value'] },
);
const type = fc.constantFrom('counter', 'gauge', 'histogram', 'summary', 'info', 'untyped');

/** Any value that `get()` may return. Many values are almost valid. */
const anyForeignData: fc.Arbitrary<unknown> = mostly(
  fc.record(
    {
      name: mostly(name),
      help: mostly(text),
      type: mostly(type),
      values: mostly(fc.array(mostly(sample), { maxLength: 6 })),
    },
    { requiredKeys: [] },
  ),
);

/** Metrics with their registered names. Each call of `get()` creates a new value. */
export const anyForeignMetrics: fc.Arbitrary<{ name: string; get: () => unknown }[]> = fc
  .uniqueArray(fc.record({ name, data: anyForeignData }), { selector: (one) => one.name, maxLength: 5 })
  .map((metrics) => metrics.map(({ name, data }) => ({ name, get: () => withHostileObjects(data) })));

/** One metric of each hostile kind, including one that never settles. Most have a unique name. */
export function allHostileMetrics(): object[] {
  const withData = Object.values(hostileData).map((data) => ({ get: data }));
  const failing = Object.values(hostileMetrics).map((make) => make());
  const hung = { get: () => new Promise(() => {}) };
  const named = [...withData, ...failing, hung].map((metric, index) =>
    Object.defineProperty(metric, 'name', { value: `hostile_${index}`, writable: true }),
  );
  const unnamed = [{ get: () => gauge }, { name: '', get: () => ({ ...gauge, name: undefined }) }];
  return [...named, ...unnamed, { name: 'hostile\0name', get: () => ({ ...gauge, name: 'hostile\0name' }) }];
}
