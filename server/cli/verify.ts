// `kopuro verify`: checks every log and every snapshot, one article after the other. Exit code 1 if something is damaged.
import type { Damage } from '../storage/errors.ts';
import type { ArticleReport } from '../storage/types.ts';
import { type LocalClient, RefusedError, withLocalClient } from './local-client.ts';
import type { CliCommand, Terminal } from './types.ts';

export interface Verification {
  articles: number;
  updates: number;
  snapshots: number;
  damaged: Damage[];
}

export const verify: CliCommand = {
  help: 'verify',
  options: {},
  positionals: { least: 0, most: 0 },
  run: (terminal, { json }) =>
    withLocalClient(terminal, async (client) => {
      const outcome = await verifyAll(terminal, client);
      if (json) terminal.print(JSON.stringify(outcome));
      else {
        for (const damage of outcome.damaged) terminal.print(describe(terminal, damage));
        const damaged = new Set(outcome.damaged.map(({ articleId }) => articleId)).size;
        terminal.print(terminal.say('verified', { ...outcome, damaged }));
      }
      return outcome.damaged.length === 0 ? 0 : 1;
    }),
};

/** One request an article, so that a server that runs meanwhile is never busy with this for long. */
async function verifyAll(terminal: Terminal, client: LocalClient): Promise<Verification> {
  const { ids } = await client.json<{ ids: string[] }>('GET', '/api/local/articles');
  const outcome: Verification = { articles: 0, updates: 0, snapshots: 0, damaged: [] };
  for (const id of ids) {
    terminal.progress(terminal.say('verifying', { done: outcome.articles, all: ids.length, id }));
    const report = await verifyOne(client, id);
    if (!report) continue;
    outcome.articles += 1;
    outcome.updates += report.updates;
    outcome.snapshots += report.snapshots;
    outcome.damaged.push(...report.damaged);
  }
  terminal.progress('');
  return outcome;
}

/** Null if the article was removed meanwhile. */
async function verifyOne(client: LocalClient, id: string): Promise<ArticleReport | null> {
  try {
    return await client.json<ArticleReport>('POST', `/api/local/articles/${encodeURIComponent(id)}/verify`);
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'article-not-found') return null;
    throw error;
  }
}

function describe(terminal: Terminal, { articleId, part, reason, from, to, snapshotId }: Damage): string {
  const rows = from === undefined ? '' : from === to || to === undefined ? String(from) : `${from}–${to}`;
  return terminal.say('damaged', {
    articleId,
    part: terminal.say(`damagedParts.${part}`, { rows, snapshotId: snapshotId ?? '' }).trim(),
    reason: terminal.say(`damages.${reason}`),
  });
}
