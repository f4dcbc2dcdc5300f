import { isFields } from './fields.js';
import { statesUsage } from './plain.js';
import { isRecognized, readerOf } from './reader-of.js';
import type { ResponseReader, ResponseReading } from './response-reader.js';

const nothing: ResponseReading = {};

/** Reads a whole response, by default with the reader for its shape. Values without fields state nothing. */
export function readResponse(response: unknown, reader?: ResponseReader): ResponseReading {
  if (!isFields(response)) return nothing;
  const used = reader ?? readerOf(response);
  const usage = used.usage(response);
  const finishReason = used.finishReason(response);
  const timings = used.timings(response);
  const isUnderstood =
    finishReason !== undefined || timings !== undefined || (reader === undefined && isRecognized(used));
  return {
    usage,
    finishReason,
    timings,
    errorType: used.errorType(response),
    isUnread: usage === undefined && !Array.isArray(response) && (!isUnderstood || statesUsage(response)),
  };
}
