// `kopuro restore ARTICLE --list | --to MOMENT | --snapshot ID`: an article as it was, while the server runs or not.
import type { SnapshotInfo } from '../../shared/protocol/rest.ts';
import type { BlockChange, Restoring } from '../restore-article.ts';
import { type LocalClient, withLocalClient } from './local-client.ts';
import { type Terminal, UsageError, type Values } from './types.ts';

/** A moment that an article can be restored to. */
interface Moment {
  at: number;
  kind: 'change' | SnapshotInfo['kind'];
  /** Of a snapshot. */
  id: string;
  by: string;
  name: string;
}

interface Entry {
  until: number;
  person: { name: string } | null;
}

const MOMENT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?$/;
const MINUTE_MS = 60_000;
const EXCERPT = 100;

/** Whether the arguments are about an article, not about a backup. */
export function concernsArticle({ text, flags }: Values): boolean {
  return flags.list === true || flags['dry-run'] === true || text.to !== undefined || text.snapshot !== undefined;
}

export function restoreArticle(terminal: Terminal, values: Values): Promise<number> {
  const { text, flags, positionals, json } = values;
  const path = `/articles/${encodeURIComponent(positionals[0] ?? '')}`;
  const asked = [flags.list === true, text.to !== undefined, text.snapshot !== undefined].filter(Boolean);
  if (asked.length !== 1) throw new UsageError(terminal.say('restoreWhat'));
  const at = text.to === undefined ? undefined : momentOf(terminal, text.to);
  return withLocalClient(terminal, async (client) => {
    if (flags.list === true) {
      const moments = await listMoments(client, `/api${path}`);
      if (json) terminal.print(JSON.stringify(moments));
      else for (const moment of moments) terminal.print(lineOf(terminal, moment));
      return 0;
    }
    const outcome = await client.json<Restoring>('POST', `/api/local${path}/restore`, {
      ...(at === undefined ? { snapshotId: text.snapshot } : { at }),
      dryRun: flags['dry-run'] === true,
    });
    if (json) terminal.print(JSON.stringify(outcome));
    else tell(terminal, outcome);
    return 0;
  });
}

/** Without a zone: by the clock of whoever asks. */
function momentOf(terminal: Terminal, given: string): number {
  const at = MOMENT.test(given) ? new Date(given.replace(' ', 'T')).getTime() : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError(terminal.say('momentInvalid', { moment: given }));
  return at;
}

/** Newest first: snapshots, and the last change of each person in each minute. */
async function listMoments(client: LocalClient, path: string): Promise<Moment[]> {
  const { snapshots } = await client.json<{ snapshots: SnapshotInfo[] }>('GET', `${path}/snapshots`);
  const { entries } = await client.json<{ entries: Entry[] }>('GET', `${path}/history`);
  const moments: Moment[] = snapshots.map(({ id, kind, name, createdAt, by }) => ({
    at: createdAt,
    kind,
    id,
    by: by?.name ?? '',
    name,
  }));
  for (const [index, { until, person }] of entries.entries()) {
    const next = entries[index + 1];
    const goesOn = next && sameMinute(until, next.until) && next.person?.name === person?.name;
    if (!goesOn) moments.push({ at: until, kind: 'change', id: '', by: person?.name ?? '', name: '' });
  }
  return moments.sort((one, other) => other.at - one.at);
}

function sameMinute(one: number, other: number): boolean {
  return Math.floor(one / MINUTE_MS) === Math.floor(other / MINUTE_MS);
}

function lineOf(terminal: Terminal, { at, kind, id, by, name }: Moment): string {
  return [new Date(at).toISOString(), terminal.say(`moments.${kind}`), by, id, name].join('\t').trimEnd();
}

function tell(terminal: Terminal, { at, changes, restored }: Restoring): void {
  const moment = new Date(at).toISOString();
  if (changes.length === 0) terminal.print(terminal.say('restoreNothing', { moment }));
  else terminal.print(terminal.say(restored ? 'restoredArticle' : 'restoreDryRun', { moment }));
  for (const language of new Set(changes.map((change) => change.language))) {
    const there = changes.filter((change) => change.language === language);
    const count = (is: (change: BlockChange) => boolean) => there.filter(is).length;
    const counts = {
      back: count(({ present }) => present === null),
      gone: count(({ past }) => past === null),
      changed: count(({ present, past }) => present !== null && past !== null),
    };
    terminal.print(terminal.say('restoreText', { language, ...counts }));
    if (restored) continue;
    for (const { present, past } of there) {
      if (present !== null) terminal.print(`  − ${excerpt(present)}`);
      if (past !== null) terminal.print(`  + ${excerpt(past)}`);
    }
  }
}

function excerpt(words: string): string {
  const characters = [...words];
  return characters.length <= EXCERPT ? words : `${characters.slice(0, EXCERPT - 1).join('')}…`;
}
