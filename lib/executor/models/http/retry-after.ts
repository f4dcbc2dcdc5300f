/**
 * After how many seconds a server asks to be called again; undefined when it does not say.
 *
 * It says so in `Retry-After`, as seconds or as a date (RFC 9110, section 10.2.3), or in `Retry-After-Ms`, as OpenAI and
 * Azure do, which is finer. A date that has passed is 0.
 *
 * @param now Milliseconds of the epoch, from which a date is counted.
 */
export function retryAfterSeconds(headers: Headers, now = Date.now()): number | undefined {
  const milliseconds = headers.get('retry-after-ms')?.trim() ?? '';
  if (isNumber.test(milliseconds)) return Number(milliseconds) / 1000;
  const stated = headers.get('retry-after')?.trim() ?? '';
  if (isNumber.test(stated)) return Number(stated);
  const date = isDate.test(stated) ? Date.parse(stated) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}

const isNumber = /^\d{1,15}(?:\.\d{1,9})?$/;
/** `Date.parse` takes much for a date that is none, such as "-1". */
const isDate = /^[A-Z][a-z]+,? .*\d{2}:\d{2}:\d{2}/;
