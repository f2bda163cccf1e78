// `kopuro mend`: makes an article that cannot be read whole readable again, and says from what. Exit code 1 if there is no way.
import type { Mending } from '../mend-article.ts';
import { withLocalClient } from './local-client.ts';
import type { CliCommand } from './types.ts';

export const mend: CliCommand = {
  help: 'mend',
  options: { snapshot: { type: 'string' } },
  positionals: { least: 1, most: 1 },
  run: (terminal, { text, positionals, json }) =>
    withLocalClient(terminal, async (client) => {
      const path = `/api/local/articles/${encodeURIComponent(positionals[0] ?? '')}/mend`;
      const body = text.snapshot === undefined ? {} : { snapshotId: text.snapshot };
      const mending = await client.json<Mending>('POST', path, body);
      if (json) terminal.print(JSON.stringify(mending));
      else {
        const { snapshot } = mending;
        const at = snapshot ? new Date(snapshot.createdAt).toISOString() : '';
        terminal.print(terminal.say(`mended.${mending.from}`, { snapshotId: snapshot?.id ?? '', at }));
      }
      return 0;
    }),
};
