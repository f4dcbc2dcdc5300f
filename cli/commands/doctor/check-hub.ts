import { HUB_HEADER, PushTarget, pushPath } from 'tinyllm/server';
import { type Finding, failed, failedBy, ok } from './finding.js';

const answerWithin = 3000;

/** Looks whether the hub of `TINYLLM_HUB` answers, takes pushes, and is one. */
export async function checkHub(url: string): Promise<Finding> {
  let target: PushTarget;
  try {
    target = new PushTarget({ url, timeoutMilliseconds: answerWithin });
  } catch (error) {
    return failedBy('hub', error);
  }
  const start = `start one with \`tinyllm metrics --port ${new URL(target.shown).port || 80}\`, or unset TINYLLM_HUB`;
  try {
    const answer = await target.send(pushPath({ job: 'tinyllm' }), { method: 'HEAD' });
    if (answer.headers.has(HUB_HEADER)) return ok('hub', `answers at ${target.shown}`);
    if (answer.status === 401) return failedBy('hub', await target.refusal(answer));
    return failed('hub', `what answers at ${target.shown} is no hub`, start);
  } catch (error) {
    return failedBy('hub', error, start);
  }
}
