import { HUB_HEADER, PushTarget, pushPath } from 'tinyllm/server';
import { type Finding, failed, failedWith, ok } from './finding.js';

const timeoutMilliseconds = 3000;

/** Checks that the URL of `TINYLLM_HUB` is a hub that accepts pushes. */
export async function checkHub(url: string): Promise<Finding> {
  let target: PushTarget;
  try {
    target = new PushTarget({ url, timeoutMilliseconds });
  } catch (error) {
    return failedWith('hub', error);
  }
  const start = `start a hub with \`tinyllm metrics --port ${new URL(target.shown).port || 80}\`, or unset TINYLLM_HUB`;
  try {
    const response = await target.send(pushPath({ job: 'tinyllm' }), { method: 'HEAD' });
    if (response.headers.has(HUB_HEADER)) return ok('hub', `responds at ${target.shown}`);
    if (response.status === 401) return failedWith('hub', await target.refusal(response));
    return failed('hub', `the server at ${target.shown} is not a hub`, start);
  } catch (error) {
    return failedWith('hub', error, start);
  }
}
