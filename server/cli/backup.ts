// `kopuro backup`: a consistent copy of everything, taken while the server runs or not. The server makes the copy in its data
// folder, often the only place that it may write to; from there it goes where this user wants it, and may put it.
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { withLocalClient } from './local-client.ts';
import { type CliCommand, type Terminal, UsageError } from './types.ts';

export const backup: CliCommand = {
  help: 'backup',
  options: {},
  positionals: { least: 1, most: 1 },
  async run(terminal, { positionals, json }) {
    if (positionals[0] === '-') {
      await withCopy(terminal, (copy) => pipeline(createReadStream(copy), terminal.stdout, { end: false }));
      return 0;
    }
    const file = path.resolve(positionals[0] ?? '');
    const target = await create(terminal, file); // before the copy is made: that may take long
    try {
      await withCopy(terminal, (copy) => fill(target, copy));
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    } finally {
      await target.close();
    }
    if (json) terminal.print(JSON.stringify({ file }));
    else terminal.note(terminal.say('backedUp', { file }));
    return 0;
  },
};

/** Has the server make a copy, hands its path on, and removes it. */
function withCopy(terminal: Terminal, use: (copy: string) => Promise<void>): Promise<void> {
  return withLocalClient(terminal, async (client) => {
    const { name } = await client.json<{ name: string }>('POST', '/api/local/backup');
    const copy = path.join(terminal.config.dataFolder, name);
    try {
      await use(copy);
    } finally {
      await rm(copy, { force: true });
    }
  });
}

async function create(terminal: Terminal, file: string): Promise<FileHandle> {
  try {
    return await open(file, 'wx', 0o600); // whoever reads it reads everything
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new UsageError(terminal.say(reason === 'EEXIST' ? 'fileExists' : 'cannotWrite', { file, reason }));
  }
}

async function fill(target: FileHandle, copy: string): Promise<void> {
  await writeFile(target, createReadStream(copy));
  await target.sync();
}
