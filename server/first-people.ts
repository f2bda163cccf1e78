// How the first people get in: on an empty data folder the sample newsroom (demo), else one first editor. Their links are
// printed at every start until the newsroom has somebody who signs in otherwise.
import type { Role } from '../shared/access/roles.ts';
import type { App } from './app.ts';
import { SAMPLE_PEOPLE } from './sample/people.ts';
import { isSampleComplete, seedSample } from './sample/seed.ts';

export interface FirstLink {
  name: string;
  role: Role;
  url: string;
}

export type FirstLinks =
  /** Somebody can sign in already. */
  | { kind: 'none'; people: [] }
  /** The four sample people of the demo. */
  | { kind: 'sample'; people: FirstLink[] }
  /** The one who sets the newsroom up. */
  | { kind: 'firstEditor'; people: FirstLink[] };

/** Makes who is missing, and fresh one-time links for those who should have one now. Of several processes one at a time. */
export function signInLinks(app: App): Promise<FirstLinks> {
  return app.storage.alone('first people', () => makeLinks(app));
}

async function makeLinks(app: App): Promise<FirstLinks> {
  const { config, storage, people } = app;
  const everybody = await people.list();
  if (config.demo) {
    const ids = new Set(SAMPLE_PEOPLE.map(({ id }) => id));
    const isEmpty = everybody.length === 0 && (await storage.articles.page(1)).articles.length === 0;
    if (isEmpty || (await wasCutShort(app, everybody, ids))) {
      const known = new Set(everybody.map(({ id }) => id));
      for (const { id, ...fields } of SAMPLE_PEOPLE) if (!known.has(id)) await people.add(fields, id);
      await seedSample(app);
    }
    const there = new Map((await people.list()).map((person) => [person.id, person]));
    // In the banner's own order: storage does not know which of two came first that were made in one millisecond.
    const sample = SAMPLE_PEOPLE.flatMap(({ id }) => there.get(id) ?? []).filter(({ removedAt }) => removedAt === null);
    if (sample.length > 0) return { kind: 'sample', people: await links(app, sample) };
  }
  const editors = everybody.filter(({ role, removedAt }) => role === 'editor' && removedAt === null);
  if (editors.some(({ lastSeenAt }) => lastSeenAt !== null)) return { kind: 'none', people: [] };
  const name = app.say(config.language, 'cli.firstEditorName');
  const editor = editors[0] ?? (await people.add({ name, role: 'editor', languages: [] }));
  return { kind: 'firstEditor', people: await links(app, [editor]) };
}

/**
 * Whether an earlier start ended while it made the sample. Only as long as nobody has ever been here: then nothing can have
 * been changed or deleted by anybody, and making it anew takes nothing away.
 */
async function wasCutShort(
  app: App,
  everybody: readonly { id: string; lastSeenAt: number | null }[],
  sampleIds: ReadonlySet<string>,
): Promise<boolean> {
  if (!everybody.some(({ id }) => sampleIds.has(id))) return false;
  if (everybody.some(({ lastSeenAt }) => lastSeenAt !== null)) return false;
  return !(await isSampleComplete(app.storage));
}

async function links(app: App, people: readonly { id: string; name: string; role: Role }[]): Promise<FirstLink[]> {
  const made: FirstLink[] = [];
  for (const { id, name, role } of people) {
    const { secret } = await app.identity.createLink(id);
    made.push({ name, role, url: `${app.url}/sign-in/${secret}` });
  }
  return made;
}
