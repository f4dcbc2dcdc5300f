import { expect } from 'chai';
import { signalsIn } from '../../../lib/core/recording/abort-signals.js';

const controller = new AbortController();
const { signal } = controller;
const other = new AbortController().signal;

describe('signalsIn', () => {
  const signalNames = ['signal', 'abortSignal', 'abort_signal', 'cancelSignal', 'cancellationSignal'];
  const controllerNames = ['abortController', 'controller'];
  const optionNames = ['options', 'requestOptions', 'fetchOptions', 'httpOptions', 'config', 'init'];

  const found: readonly (readonly [name: string, value: unknown])[] = [
    ['an argument', signal],
    ['a controller as an argument', controller],
    ...signalNames.map((name) => [name, { [name]: signal }] as const),
    ...controllerNames.map((name) => [name, { [name]: controller }] as const),
    ...optionNames.map((name) => [`${name}.signal`, { [name]: { signal } }] as const),
    ['config.controller', { config: { controller } }],
    ['a signal as options', { options: signal }],
    ['a controller as options', { options: controller }],
  ];
  for (const [name, value] of found) {
    it(`finds a signal in ${name}`, () => expect(signalsIn(['text', value])).to.deep.equal([signal]));
  }

  const ignored: readonly (readonly [name: string, value: unknown])[] = [
    ['null', null],
    ['undefined', undefined],
    ['a text', 'signal'],
    ['a function', Object.assign(() => {}, { signal })],
    ['another name', { stop: signal }],
    ['a signal in an option for controllers', { controller: signal }],
    ['a controller in an option for signals', { signal: controller }],
    ['an object like a signal', { signal: { aborted: true, reason: 'no' } }],
    ['an object like a controller', { controller: { signal } }],
    ['options of options', { options: { options: { signal } } }],
    ['options that are null', { options: null }],
  ];
  for (const [name, value] of ignored) {
    it(`ignores ${name}`, () => expect(signalsIn([value])).to.deep.equal([]));
  }

  it('returns each signal once, in the order of the arguments', () => {
    const values = [{ signal: other, options: { signal } }, signal, { controller }];
    expect(signalsIn(values)).to.deep.equal([other, signal]);
    expect(signalsIn([])).to.deep.equal([]);
  });

  it('does not search the properties of a signal', () => {
    const carrying = Object.assign(new AbortController().signal, { signal });
    expect(signalsIn([carrying])).to.deep.equal([carrying]);
  });
});
