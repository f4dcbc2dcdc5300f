import { isFields } from './fields.js';
import { needsNoUsage, statesUsage } from './plain.js';
import { isRecognized, readerOf, usageByShape } from './reader-of.js';
import type { ResponseReader, ResponseReading } from './response-reader.js';
import { failedType } from './stated-error.js';

const nothing: ResponseReading = {};

/** Reads a whole response, by default with the reader for its shape. Values without fields state nothing. */
export function readResponse(response: unknown, given?: ResponseReader): ResponseReading {
  if (!isFields(response)) return nothing;
  const reader = given ?? readerOf(response);
  const usage = given === undefined ? usageByShape(reader, response) : given.usage(response);
  const finishReason = reader.finishReason(response);
  const timings = reader.timings(response);
  const errorType = reader.errorType(response) ?? failedType(finishReason);
  const understands =
    finishReason !== undefined || timings !== undefined || (given === undefined && isRecognized(reader));
  const isUnread =
    usage === undefined &&
    !Array.isArray(response) &&
    (statesUsage(response) || !(understands || needsNoUsage(response)));
  return { usage, finishReason, timings, errorType, isUnread };
}
