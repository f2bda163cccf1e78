// `kopuro snapshot`: a named snapshot of an article. Prints its id.
import { withLocalClient } from './local-client.ts';
import type { CliCommand } from './types.ts';

export const snapshot: CliCommand = {
  help: 'snapshot',
  options: { name: { type: 'string' } },
  positionals: { least: 1, most: 1 },
  run: (terminal, { text, positionals, json }) =>
    withLocalClient(terminal, async (client) => {
      const name = text.name ?? new Date().toISOString().slice(0, 16).replace('T', ' ');
      const { id } = await client.json<{ id: string }>(
        'POST',
        `/api/articles/${encodeURIComponent(positionals[0] ?? '')}/snapshots`,
        { name },
      );
      terminal.print(json ? JSON.stringify({ id, name }) : id);
      return 0;
    }),
};
