// `kopuro verify`: checks every log and every snapshot. Exit code 1 if something is damaged.
import type { Verification } from '../storage-check.ts';
import { withLocalClient } from './local-client.ts';
import type { CliCommand } from './types.ts';

export const verify: CliCommand = {
  help: 'verify',
  options: {},
  positionals: { least: 0, most: 0 },
  run: (terminal, { json }) =>
    withLocalClient(terminal, async (client) => {
      const outcome = await client.json<Verification>('POST', '/api/local/verify');
      if (json) terminal.print(JSON.stringify(outcome));
      else {
        for (const { articleId, snapshotId, reason } of outcome.damaged) {
          terminal.print(terminal.say('damaged', { articleId, part: snapshotId ?? 'log', reason }));
        }
        terminal.print(
          terminal.say('verified', {
            articles: outcome.articles,
            updates: outcome.updates,
            snapshots: outcome.snapshots,
            damaged: outcome.damaged.length,
          }),
        );
      }
      return outcome.damaged.length === 0 ? 0 : 1;
    }),
};
