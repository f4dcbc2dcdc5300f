import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import type { E2eProgram } from '../e2e-programs.js';

/** Changes the limits of a running process. Part of Debian's base system. */
export const prlimit: E2eProgram = { package: 'util-linux', check: ['prlimit', '--version'] };

const set = (pid: number, limit: string): void => {
  execFileSync('prlimit', ['--pid', String(pid), limit]);
};

/** Leaves a process only so many unused file descriptors, for as long as `during` takes. */
export async function withFileDescriptors(pid: number, unused: number, during: () => Promise<unknown>): Promise<void> {
  const open = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  let limit = 0;
  for (let left = unused; left > 0 || open.has(limit); limit++) if (!open.has(limit)) left--;
  set(pid, `--nofile=${limit}:`);
  try {
    await during();
  } finally {
    set(pid, '--nofile=1024:');
  }
}

/** Makes every write beyond this size of a file fail, as on a full disk, for as long as `during` takes. */
export async function withFileSize(pid: number, bytes: number, during: () => Promise<unknown>): Promise<void> {
  set(pid, `--fsize=${bytes}:`);
  try {
    await during();
  } finally {
    set(pid, '--fsize=unlimited:');
  }
}
