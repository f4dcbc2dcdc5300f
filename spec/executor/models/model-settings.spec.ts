import { expect } from 'chai';
import {
  fallbackProblems,
  type ModelSettings,
  modelSettingsSchema,
} from '../../../lib/executor/models/model-settings.js';
import { schemaProblem } from '../../../lib/executor/schema/schema-problem.js';

function problemOf(value: unknown): string {
  const parsed = modelSettingsSchema.safeParse(value);
  return parsed.success ? 'none' : schemaProblem(parsed.error.issues, value, { noun: 'model' }).message;
}

describe('the settings of a model', () => {
  it('can contain all keys, or no key', () => {
    const all: ModelSettings = {
      provider: 'ollama',
      model: 'qwen2.5:0.5b',
      base_url: 'http://127.0.0.1:11434',
      api_key_env: 'OPENAI_API_KEY',
      keep_alive: '5m',
      max_tokens: 200,
      max_response_bytes: 1_000_000,
      temperature: 0,
      timeout: 0.5,
      retry: { attempts: 4, initial_delay: 0.1, max_delay: 5 },
      breaker: { failures: 3, open_for: 10 },
      rate: { requests_per_minute: 60, tokens_per_minute: 10_000, store: 'rediss://me:secret@host:6380/1' },
      price: { input: 0.15, output: 0.6 },
      fallback: ['small'],
    };
    expect(modelSettingsSchema.parse(all)).to.deep.equal(all);
    expect(modelSettingsSchema.parse({})).to.deep.equal({});
  });

  it('are rejected with the value received and the expected format', () => {
    expect(problemOf({ provider: 'olama' })).to.match(/^provider is "olama"; expected .*Did you mean "ollama"\?$/);
    expect(problemOf({ retries: 3 })).to.match(/^unknown key "retries"; expected provider, model, /);
    expect(problemOf({ timeout: 0 })).to.match(/^timeout is 0; expected a number of seconds above 0/);
    expect(problemOf({ timeout: '30s' })).to.equal('timeout is "30s"; expected a number.');
    expect(problemOf({ retry: { attempts: 0 } })).to.match(/^retry\.attempts is 0; expected a whole number from 1 /);
    expect(problemOf({ rate: { store: 'http://me:secret@host' } }))
      .to.match(/^rate\.store is .*; expected redis:\/\/HOST:PORT, /)
      .and.not.include('secret');
    expect(problemOf({ price: { input: 1 } })).to.equal('price.output is missing; expected a number.');
    expect(problemOf({ keep_alive: [] })).to.match(/^keep_alive is an empty list; expected a duration/);
  });

  it('do not show an API key of the file in an error', () => {
    expect(problemOf({ api_key: 'sk-123' }))
      .to.contain('"api_key"')
      .and.not.contain('sk-123');
  });

  it('allow only other models of the file as fallbacks, each once', () => {
    const problems = (models: Record<string, ModelSettings>) =>
      [...fallbackProblems(models)].map(({ path, message }) => `${path.join('.')}: ${message}`);
    expect(problems({ large: { fallback: ['small'] }, small: {} })).to.deep.equal([]);
    expect(problems({ large: { fallback: ['smal', 'large', 'small', 'small'] }, small: {} })).to.deep.equal([
      'large.fallback.0: no model is named "smal"; expected small. Did you mean "small"?',
      'large.fallback.1: the model "large" is its own fallback; use another model.',
      'large.fallback.3: "small" is listed twice; remove one of the two.',
    ]);
    expect(problems({ only: { fallback: ['other'] } })).to.deep.equal([
      'only.fallback.0: no model is named "other"; add it under `models`.',
    ]);
  });
});
