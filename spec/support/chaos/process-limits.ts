import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import type { E2eProgram } from '../e2e-programs.js';

/** The program that changes the limits of a running process. It is part of Debian's base system. */
export const prlimit: E2eProgram = { package: 'util-linux', check: ['prlimit', '--version'] };

const set = (pid: number, limit: string): void => {
  execFileSync('prlimit', ['--pid', String(pid), limit]);
};

/** Limits a process to this many unused file descriptors while `during` runs. */
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

/** Limits the size of files while `during` runs, in bytes. Writes beyond the limit fail, as on a full disk. */
export async function withFileSize(pid: number, bytes: number, during: () => Promise<unknown>): Promise<void> {
  set(pid, `--fsize=${bytes}:`);
  try {
    await during();
  } finally {
    set(pid, '--fsize=unlimited:');
  }
}
