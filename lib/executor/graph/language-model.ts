import { embeddedName } from '../models/embedded-client.js';
import type { ModelClient } from '../models/model-client.js';

/** Whether a model can judge and choose. The embedded model only computes arithmetic. */
export function isLanguageModel({ provider }: ModelClient): boolean {
  return provider !== embeddedName;
}
