// Disks for tests that can be really full: small file systems in memory, mounted for one test. Only root may mount; elsewhere the
// tests are left out, except in CI.
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, inject, it } from 'vitest';

const run = promisify(execFile);
const CHUNK = Buffer.alloc(64 * 1024);

export interface Disk {
  /** A folder that is all of it. */
  readonly folder: string;
  /** Fills it up to `left` bytes. */
  fill(left: number): Promise<void>;
  /** Takes what fills it away. */
  free(): Promise<void>;
  unmount(): Promise<void>;
}

/** Like `describe`, for what needs a disk of its own. */
export function describeDisk(name: string, define: () => void): void {
  const problem = inject('noDisks');
  if (problem !== null && process.env.CI === 'true') {
    it(`${name}: nothing may be left out here`, () => {
      throw new Error(`no file system can be mounted: ${problem}`);
    });
  } else describe.skipIf(problem !== null)(name, define);
}

/** Mounts a file system of so many bytes. The caller unmounts it. */
export async function mountDisk(bytes: number): Promise<Disk> {
  const folder = await mkdtemp(join(tmpdir(), 'kopuro-disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=700`, 'kopuro-test', folder]);
  const ballast = join(folder, 'ballast');
  return {
    folder,
    async fill(left) {
      const file = await open(ballast, 'w');
      let size = 0;
      try {
        for (;;) size += (await file.write(CHUNK)).bytesWritten;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        await file.truncate(size - left);
      } finally {
        await file.close();
      }
    },
    free: () => rm(ballast, { force: true }),
    async unmount() {
      await run('umount', [folder]);
      await rm(folder, { recursive: true });
    },
  };
}

/** Why no disk can be mounted here; null if one can. */
export async function diskProblem(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root may do it, on Linux';
  try {
    await (await mountDisk(1024 * 1024)).unmount();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error);
  }
}
