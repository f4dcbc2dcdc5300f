import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Whether the owner of a lock still runs.
 *
 * `elsewhere`: this process can't check it. `incomplete`: the mark has no process ID, for example because the owner is
 * still writing it.
 */
export type OwnerState = 'running' | 'ended' | 'elsewhere' | 'incomplete';

/** Creates a mark that identifies this process and one of its locks: `PID START SCOPE ID`. */
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
 * Marks of version 0.1 have no scope (`PID START`). They count as marks of this scope.
 */
export function ownerState(mark: string, scope: string = processScope()): OwnerState {
  const [id = '', start = '-', ownerScope = scope] = mark.split(' ');
  if (!/^[1-9]\d*$/.test(id)) return 'incomplete';
  if (ownerScope !== scope) return 'elsewhere';
  return isRunning(Number(id), start) ? 'running' : 'ended';
}

/**
 * The scope in which process IDs are unique: the boot ID of the kernel and the PID namespace, which differs between
 * containers. Without `/proc`, it is the host name.
 */
function processScope(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname().replaceAll(/\s/g, '-') || 'unknown';
  }
}

/** Compares start times too, because process IDs are reused, for example after a restart of a container. */
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
 * The start time of a process, in clock ticks since the system start.
 *
 * `undefined` without `/proc`, or if `/proc` belongs to another PID namespace, where IDs have other meanings.
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
