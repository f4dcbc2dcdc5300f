import { isFields } from './fields.js';
import { needsNoUsage, statesUsage } from './plain.js';
import { isRecognized, readerOf, usageByShape } from './reader-of.js';
import type { ResponseReader, ResponseReading } from './response-reader.js';
import { failedType } from './stated-error.js';

const emptyReading: ResponseReading = {};

/** Reads a whole response, by default with the reader for its shape. Values without fields yield an empty reading. */
export function readResponse(response: unknown, explicitReader?: ResponseReader): ResponseReading {
  if (!isFields(response)) return emptyReading;
  const reader = explicitReader ?? readerOf(response);
  const usage = explicitReader === undefined ? usageByShape(reader, response) : explicitReader.usage(response);
  const finishReason = reader.finishReason(response);
  const timings = reader.timings(response);
  const errorType = reader.errorType(response) ?? failedType(finishReason);
  const understands =
    finishReason !== undefined || timings !== undefined || (explicitReader === undefined && isRecognized(reader));
  const isUnread =
    usage === undefined &&
    !Array.isArray(response) &&
    (statesUsage(response) || !(understands || needsNoUsage(response)));
  return { usage, finishReason, timings, errorType, isUnread };
}
