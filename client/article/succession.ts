// When a document must be left (its client id is burnt by a refusal, or the server holds another history): what goes along to
// the next session, and how that takes it in. The words are safe in the left local database until then.
import type * as Y from 'yjs';
import { may, type Standing } from '../../shared/access/roles.ts';
import { articleLanguages, readMeta } from '../../shared/article/meta.ts';
import type { ErrorCode } from '../../shared/protocol/errors.ts';
import type { LocalStore } from './local-store.ts';
import type { ArticleMemory } from './memory.ts';
import { reenter } from './own-words.ts';

/** Origin of changes that put words back after a refusal. */
const REENTRY = Symbol('reentry');

/** What a session that has to end leaves to the next one. */
export interface CarriedWords {
  doc: Y.Doc;
  reason: ErrorCode;
  clientIds: ReadonlySet<number>;
  /** Whether words in texts that may still be edited are put back. */
  putBack: boolean;
  /** The person hears of it even if no words had to be kept. */
  told: boolean;
  /** The local database that may go once the words are safe. */
  store: LocalStore | null;
  /** Generation of the local database that follows. */
  generation: number;
}

export interface Heir {
  doc: Y.Doc;
  memory: ArticleMemory;
  standing: Standing;
  /** What the server's `hello` allowed. */
  editableLanguages: readonly string[];
}

/** Takes over what was carried, once the server's state is in the heir's document. */
export function takeOver(words: CarriedWords, { doc, memory, standing, editableLanguages }: Heir): void {
  const kept = reenter(
    {
      from: words.doc,
      to: doc,
      languages: articleLanguages(readMeta(words.doc)),
      clientIds: words.clientIds,
      mayEdit: (language) =>
        words.putBack && editableLanguages.includes(language) && may(standing, 'editText', language),
    },
    REENTRY,
  );
  const all = [...(memory.kept?.kept ?? []), ...kept];
  if (words.told || kept.length > 0) memory.kept = { reason: words.reason, kept: all };
  memory.advanceTo(words.generation);
  for (const tab of Object.keys(memory.waiting)) memory.setWaiting(tab, 0);
  words.store?.remove();
  words.doc.destroy();
}

/** Nobody is left to take over (the page was left): what is carried stays in its local database, for the next visit. */
export function letGo({ doc, store }: CarriedWords): void {
  store?.close();
  doc.destroy();
}
