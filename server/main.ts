// Where the process begins: hands the arguments to the command line. `bin/kopuro.mjs` imports the built file and calls `run`;
// in development `tsx server/main.ts serve` runs this one.
import { pathToFileURL } from 'node:url';
import { runCli } from './cli/run.ts';

/** Runs one command; resolves with the exit code. */
export function run(args: readonly string[]): Promise<number> {
  // `kopuro export … | head`: whoever reads us has seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return runCli(args, {
    environment: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await run(process.argv.slice(2));
}
