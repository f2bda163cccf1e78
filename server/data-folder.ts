// The data folder as a whole: made if it is missing, owned by one process at a time. The owner writes its process id into a
// lock file and listens on a local socket; that socket is what proves that a lock is alive, because process ids are reused.
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StartError } from './start-error.ts';

/** Socket addresses may hold about 107 bytes; longer folders get a socket beside the other temporary files. */
const LONGEST_SOCKET_PATH = 100;
const LOCK_FILE = 'kopuro.lock';
/** A lock this young belongs to a process that has not opened its socket yet. */
const STARTING_MS = 60_000;

interface Lock {
  pid: number;
  at: number;
}

/** The file that holds everything. */
export function databaseFile(folder: string): string {
  return path.join(folder, 'kopuro.sqlite');
}

/** Where the owner of a data folder listens for the command line. */
export function socketPath(folder: string): string {
  const inside = path.join(folder, 'kopuro.sock');
  if (Buffer.byteLength(inside) <= LONGEST_SOCKET_PATH) return inside;
  const name = createHash('sha256').update(path.resolve(folder)).digest('hex').slice(0, 16);
  const privateFolder = path.join(tmpdir(), `kopuro-${process.getuid?.() ?? 'user'}`);
  mkdirSync(privateFolder, { recursive: true, mode: 0o700 });
  return path.join(privateFolder, `${name}.sock`);
}

/** Whether somebody listens on the folder's socket. */
export function isServed(folder: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath(folder));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false)); // nobody there, or no such socket
  });
}

/**
 * Makes the folder if needed and takes it for this process. Answers with what gives it back.
 * Throws StartError `not-writable`, `in-use`.
 */
export async function takeDataFolder(folder: string, now: number): Promise<() => void> {
  makeWritable(folder);
  const file = path.join(folder, LOCK_FILE);
  for (let attempt = 0; attempt < 3; attempt++) {
    if (create(file, { pid: process.pid, at: now })) {
      rmSync(socketPath(folder), { force: true });
      return () => rmSync(file, { force: true });
    }
    const lock = read(file);
    if (lock && (await isAlive(folder, lock, now))) throw new StartError('in-use', { folder, pid: lock.pid });
    // Moved away under a name of our own: of two processes that find the same stale lock only one succeeds.
    const aside = `${file}.${process.pid}.stale`;
    try {
      renameSync(file, aside);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    rmSync(aside, { force: true });
  }
  throw new StartError('in-use', { folder, pid: read(file)?.pid ?? 0 });
}

function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    const probe = path.join(folder, `.probe-${process.pid}`); // access() says nothing of read-only file systems
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw new StartError('not-writable', { folder, reason: (error as NodeJS.ErrnoException).code ?? String(error) });
  }
}

function create(file: string, lock: Lock): boolean {
  try {
    writeFileSync(file, JSON.stringify(lock), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): Lock | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Lock;
  } catch {
    return null; // gone meanwhile, or half-written by a process that died: stale either way
  }
}

async function isAlive(folder: string, lock: Lock, now: number): Promise<boolean> {
  if (await isServed(folder)) return true;
  return lock.pid !== process.pid && runs(lock.pid) && Math.abs(now - lock.at) < STARTING_MS;
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
