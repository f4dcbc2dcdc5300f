import type { CorpusCase } from './corpus-case.js';
import { openaiCompatible } from './openai-compatible.js';
import { otherApis } from './other-apis.js';
import { callbacks } from './readers/callbacks.js';
import type { CorpusReader } from './readers/corpus-reader.js';
import { decorator } from './readers/decorator.js';
import { executorClient } from './readers/executor-client.js';
import { functionWrapper } from './readers/function-wrapper.js';
import { instrumentedClient } from './readers/instrumented-client.js';
import { middleware } from './readers/middleware.js';
import { proxy } from './readers/proxy.js';

/** All cases by provider. */
export const corpus: ReadonlyMap<string, readonly CorpusCase[]> = new Map([...openaiCompatible, ...otherApis]);

/** All the ways in which TinyLLM records responses. */
export const readers: readonly CorpusReader[] = [
  decorator,
  functionWrapper,
  instrumentedClient,
  middleware,
  callbacks,
  executorClient,
  proxy,
];
