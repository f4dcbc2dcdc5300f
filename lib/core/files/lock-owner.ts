import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Whether the owner of a lock still runs; `elsewhere` if this process can't see that, and `incomplete` if the mark has no
 * process ID, for example because the owner is still writing it.
 */
export type OwnerState = 'running' | 'ended' | 'elsewhere' | 'incomplete';

/** A text that identifies this process and one lock of it: `PID START SCOPE ID`. */
export function ownerMark(scope: string = processScope()): string {
  return `${process.pid} ${startOf(process.pid) ?? '-'} ${scope} ${randomUUID()}`;
}

/** The process ID in a mark. */
export function ownerId(mark: string): string {
  return mark.split(' ', 1)[0] ?? '';
}

/**
 * Finds out whether the owner runs, if it is in the same scope.
 *
 * Version 0.1 wrote marks without a scope, `PID START`. They count as marks of this scope.
 */
export function ownerState(mark: string, scope: string = processScope()): OwnerState {
  const [id = '', start = '-', theirs = scope] = mark.split(' ');
  if (!/^[1-9]\d*$/.test(id)) return 'incomplete';
  if (theirs !== scope) return 'elsewhere';
  return isRunning(Number(id), start) ? 'running' : 'ended';
}

/**
 * The scope in which process IDs are unique: the kernel since its start, and the PID namespace. Containers have
 * namespaces of their own. Without `/proc` it is the host's name.
 */
function processScope(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname().replaceAll(/\s/g, '-') || 'unknown';
  }
}

/** Process IDs are reused, for example after a container's restart. The start time distinguishes such processes. */
function isRunning(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startOf(pid);
  return start === '-' || now === undefined ? pid !== process.pid : now === start;
}

/**
 * When a process started, in clock ticks since the start of the system.
 *
 * Undefined without `/proc`, or if `/proc` shows another PID namespace, in which the ID is that of another process.
 */
function startOf(pid: number): string | undefined {
  try {
    if (readlinkSync('/proc/self') !== String(process.pid)) return undefined;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
