import { expect } from 'chai';
import * as errors from '../../support/all-errors.js';

describe('errors', () => {
  const cause = new Error('underneath');
  const model = { provider: 'ollama', model: 'm', status: 404, retryAfterSeconds: 2, cause };
  const made: Readonly<Record<string, errors.TinyLLMError>> = {
    TinyLLMError: new errors.TinyLLMError('It broke.', { cause }),
    InvalidDescriptorError: new errors.InvalidDescriptorError('It broke.'),
    InvalidValueError: new errors.InvalidValueError('level', Number.NaN, 'a number'),
    MetricClashError: new errors.MetricClashError('level'),
    MetricsConfigurationError: new errors.MetricsConfigurationError('It broke.'),
    DecoratorUsageError: new errors.DecoratorUsageError('It broke.'),
    IntegrationError: new errors.IntegrationError('It broke.'),
    ListenError: new errors.ListenError('127.0.0.1', 9_090, 'It broke.', { cause }),
    FileError: new errors.FileError('It broke.', { file: 'f.yaml', line: 1, column: 1, cause }),
    GraphError: new errors.GraphError('It broke.', { file: 'g.yaml', line: 3, column: 5, cause }),
    WebConfigError: new errors.WebConfigError('It broke.', { file: 'web.yml', line: 2, column: 1, cause }),
    ApiKeysError: new errors.ApiKeysError('It broke.', { file: 'keys.txt', line: 1, cause }),
    ProxySettingsError: new errors.ProxySettingsError('It broke.'),
    UpstreamError: new errors.UpstreamError('127.0.0.1:11434', 'broken', 'It broke.', { cause }),
    ChatServerSettingsError: new errors.ChatServerSettingsError('It broke.'),
    MetricsDeliveryError: new errors.MetricsDeliveryError('http://127.0.0.1', 'It broke.', { status: 400, cause }),
    HubFileError: new errors.HubFileError('hub.state', 'It broke.', { cause }),
    GraphRunError: new errors.GraphRunError('It broke.'),
    GraphLimitError: new errors.GraphLimitError('It broke.', { limit: 'steps', allowed: 3, reached: 3 }),
    PluginError: new errors.PluginError('It broke.', { file: 'my-nodes.js', cause }),
    ToolError: new errors.ToolError('It broke.'),
    UnknownProviderError: new errors.UnknownProviderError('It broke.'),
    ModelError: new errors.ModelError('It broke.', model),
    ModelUnavailableError: new errors.ModelUnavailableError('It broke.', model),
    ModelNotFoundError: new errors.ModelNotFoundError('It broke.', model),
    ModelProtocolError: new errors.ModelProtocolError('It broke.', model),
    StoreError: new errors.StoreError('It broke.', { store: 'redis', operation: 'get', cause }),
    StoreSettingsError: new errors.StoreSettingsError('It broke.'),
    SessionError: new errors.SessionError('It broke.'),
    QueueConfigurationError: new errors.QueueConfigurationError('It broke.'),
    QueueFullError: new errors.QueueFullError(7),
    QueueClosedError: new errors.QueueClosedError(),
    QueueUnavailableError: new errors.QueueUnavailableError('redis://127.0.0.1', 'It broke.', { cause }),
    JobFailedError: new errors.JobFailedError('ToolError', 'It broke.'),
    ModelAccessError: new errors.ModelAccessError('It broke.', model),
    ModelRateLimitError: new errors.ModelRateLimitError('It broke.', model),
    ModelRequestError: new errors.ModelRequestError('It broke.', model),
    ModelServerError: new errors.ModelServerError('It broke.', model),
    ModelFileError: new errors.ModelFileError('It broke.', model),
    ModelResponseLimitError: new errors.ModelResponseLimitError('It broke.', model),
    ModelTimeoutError: new errors.ModelTimeoutError('It broke.', model),
    CircuitOpenError: new errors.CircuitOpenError('It broke.', model, cause),
    AllModelsFailedError: new errors.AllModelsFailedError('It broke.', model, [cause]),
    ModelSettingsError: new errors.ModelSettingsError('It broke.'),
  };

  it('are all tested here', () => {
    const classes = Object.entries(errors).filter(([, one]) => String(one).startsWith('class'));
    expect(Object.keys(made)).to.have.members(classes.map(([name]) => name));
  });

  for (const [name, error] of Object.entries(made)) {
    it(`${name} has its name and is a TinyLLM error`, () => {
      expect(error).to.be.instanceOf(Error);
      expect(error.name).to.equal(name);
      expect(error.message).to.match(/^.+\.$/);
      expect(errors.isTinyLLMError(error)).to.equal(true);
      expect(String(error)).to.equal(`${name}: ${error.message}`);
    });
  }

  it('have the property `cause` only if a cause was passed', () => {
    for (const error of [made.TinyLLMError, made.ListenError, made.GraphError, made.ModelNotFoundError]) {
      expect(error?.cause).to.equal(cause);
    }
    expect(Object.hasOwn(new errors.TinyLLMError('It broke.'), 'cause')).to.equal(false);
  });

  it('have their facts', () => {
    expect(made.InvalidValueError).to.deep.include({ metric: 'level', got: Number.NaN, expected: 'a number' });
    expect(made.InvalidValueError?.message).to.equal('level got NaN; expected a number.');
    expect(new errors.InvalidValueError('level', '5', 'a number').message).to.equal(
      'level got "5"; expected a number.',
    );
    expect(new errors.InvalidValueError('level', 5n, 'a number').message).to.equal('level got 5n; expected a number.');
    expect(made.MetricClashError).to.include({ metric: 'level' });
    expect(made.StoreError).to.include({ store: 'redis', operation: 'get', cause });
    expect(made.ListenError).to.include({ host: '127.0.0.1', port: 9_090 });
    expect(made.ModelNotFoundError).to.include({ provider: 'ollama', model: 'm', status: 404, retryAfterSeconds: 2 });
    expect(made.ModelNotFoundError).to.be.instanceOf(errors.ModelError);
  });

  it('a GraphError states its position as far as it is known', () => {
    expect(made.GraphError).to.include({ message: 'g.yaml:3:5: It broke.', file: 'g.yaml', line: 3, column: 5 });
    expect(new errors.GraphError('It broke.', { file: 'g.yaml' }).message).to.equal('g.yaml: It broke.');
    expect(new errors.GraphError('It broke.')).to.include({ message: 'It broke.', file: undefined });
  });

  it('are instances of their class in every copy of the package', async () => {
    const built = [
      'core/dist/index',
      'core/dist/recording',
      'executor/dist/index',
      'proxy/dist/index',
      'hub/dist/index',
    ];
    const urls = built.map((file) => new URL(`../../../lib/${file}.js`, import.meta.url).href);
    const copy: typeof errors = Object.assign({}, ...(await Promise.all(urls.map((url) => import(url)))));
    expect(copy.TinyLLMError).not.to.equal(errors.TinyLLMError);
    const classes = Object.keys(made) as (keyof typeof made & keyof typeof errors)[];
    for (const [name, error] of Object.entries(made)) {
      const kinds = (from: typeof errors) => classes.filter((one) => error instanceof (from[one] as typeof Error));
      expect(kinds(copy), name).to.deep.equal(kinds(errors)).and.to.include(name).and.to.include('TinyLLMError');
      expect(copy.isTinyLLMError(error), name).to.equal(true);
    }
  });

  it('keep subclasses of the application separate, whatever their name', () => {
    const own = { GraphError: class GraphError extends errors.TinyLLMError {} };
    const error = new own.GraphError('It broke.');
    expect(error).to.be.instanceOf(own.GraphError).and.to.be.instanceOf(errors.TinyLLMError);
    expect(error).not.to.be.instanceOf(errors.GraphError);
    expect(made.GraphError).not.to.be.instanceOf(own.GraphError);
  });

  it('do not include other errors', () => {
    expect([new Error('x'), 'x', null, undefined, { name: 'TinyLLMError' }].map(errors.isTinyLLMError)).to.deep.equal([
      ...[false, false, false, false, false],
    ]);
  });
});
