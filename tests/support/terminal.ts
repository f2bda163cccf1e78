// The command line in this process: what a command prints, and its exit code.
import { PassThrough, Readable } from 'node:stream';
import { runCli } from '../../server/cli/run.ts';

export interface Outcome {
  code: number;
  out: string;
  err: string;
}

/** Runs `kopuro` on a data folder, in a language, with something on its standard input. */
export async function run(
  data: string,
  args: string[],
  input = '',
  language = 'en',
  environment: Record<string, string> = {},
): Promise<Outcome> {
  const collect = () => {
    const stream = new PassThrough();
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
  };
  const [stdout, stderr] = [collect(), collect()];
  const code = await runCli(args, {
    environment: {
      KOPURO_DATA: data,
      KOPURO_LANGUAGE: language,
      KOPURO_DEMO: 'off',
      KOPURO_LOG_LEVEL: 'silent',
      ...environment,
    },
    stdout: stdout.stream,
    stderr: stderr.stream,
    stdin: Readable.from([Buffer.from(input)]),
  });
  await new Promise((resolve) => setImmediate(resolve));
  return { code, out: stdout.text(), err: stderr.text() };
}
