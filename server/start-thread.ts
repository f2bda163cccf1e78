// Starts worker threads from this code base, whether it runs from its TypeScript sources (tsx, vitest) or from the build.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type ResourceLimits, Worker } from 'node:worker_threads';

export interface ThreadCode {
  /** `import.meta.url` of the file that asks. */
  here: string;
  /** The thread's code beside that file in the sources. */
  source: string;
  /** Its name in the build (an entry of vite.config.ts). */
  built: string;
}

/** A worker does not inherit its parent's TypeScript loader, so in the sources it registers one before it imports anything. */
export function startThread(
  { here, source, built }: ThreadCode,
  options: { workerData?: unknown; resourceLimits?: ResourceLimits } = {},
): Worker {
  if (here.endsWith('.ts')) {
    // The package answers `require` with its CommonJS twin; what we need lies beside it.
    const loader = pathToFileURL(
      createRequire(here)
        .resolve('tsx/esm/api')
        .replace(/\.cjs$/, '.mjs'),
    ).href;
    const thread = new URL(source, here).href;
    const code = `import('${loader}').then(({ register }) => { register(); return import('${thread}'); });`;
    return new Worker(code, { ...options, eval: true, execArgv: [] });
  }
  const candidates = [built, `../${built}`].map((name) => new URL(name, here));
  const url = candidates.find((candidate) => existsSync(fileURLToPath(candidate)));
  if (!url) throw new Error(`the build holds no ${built}`);
  return new Worker(url, options);
}
