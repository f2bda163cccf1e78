// `kopuro backup`: a consistent copy of everything, taken while the server runs or not.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { withLocalClient } from './local-client.ts';
import { type CliCommand, UsageError } from './types.ts';

export const backup: CliCommand = {
  help: 'backup',
  options: {},
  positionals: { least: 1, most: 1 },
  run(terminal, { positionals, json }) {
    const file = path.resolve(positionals[0] ?? '');
    if (existsSync(file)) throw new UsageError(terminal.say('fileExists', { file }));
    return withLocalClient(terminal, async (client) => {
      await client.json('POST', '/api/local/backup', { file });
      if (json) terminal.print(JSON.stringify({ file }));
      else terminal.note(terminal.say('backedUp', { file }));
      return 0;
    });
  },
};
