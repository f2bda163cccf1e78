// What is stored of an article, as it is sent to whoever has nothing of it, and what can be said of it before anybody has built
// its document; and that document, built from what is sent. What cannot be read whole is an error, never an emptier document.
import * as Y from 'yjs';
import { articleLanguages, readMeta } from '../../shared/article/meta.ts';
import { ANNOTATIONS_ROOT, META_ROOT, REVIEW_ROOT, textRoot } from '../../shared/article/roots.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import type { StoredState } from '../storage/types.ts';
import { decodeStateVector } from '../updates/decode.ts';
import { breathe, cut, PIECE_BYTES } from '../updates/pieces.ts';
import { piecesAt } from '../updates/places.ts';
import { Malformed } from '../updates/reader.ts';
import type { FirstUpdates } from './firstState.ts';
import { StoredOutline } from './storedOutline.ts';
import type { ChangeOrigin } from './types.ts';

export interface StoredArticle {
  first: FirstUpdates;
  /** Null if nothing can be said before the document is built, which tells whether it is whole. */
  outline: StoredOutline | null;
}

/** Reads what is stored of an article without building it: nearly nothing of it if it says where it may be cut. */
export async function readStored(stored: StoredState): Promise<StoredArticle> {
  const all = stored.state ? [stored.state, ...stored.tail] : stored.tail;
  const whole = all.length === 1 ? all[0]! : null;
  try {
    const { pieces, outline } = (await readPlaced(stored)) ?? (await readAll(all));
    return { first: { pieces, whole }, outline };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { first: { pieces: all, whole }, outline: null };
  }
}

interface ReadArticle {
  pieces: Uint8Array[];
  outline: StoredOutline;
}

/** Looks at the rows after the state only. Null if the state does not say where it may be cut. */
async function readPlaced({ state, stateVector, places, tail }: StoredState): Promise<ReadArticle | null> {
  if (state === null || stateVector === null || places === null) return null;
  const { pieces, deletions } = piecesAt(state, places);
  const clocks = decodeStateVector(stateVector);
  if (tail.length === 0) return { pieces, outline: new StoredOutline(clocks, deletions) };
  const after = await cut(tail, PIECE_BYTES, breathe, clocks);
  return {
    pieces: [...pieces, ...after.pieces],
    outline: new StoredOutline(after.clocks, deletions, after.deletes),
  };
}

async function readAll(updates: readonly Uint8Array[]): Promise<ReadArticle> {
  const { pieces, clocks, deletes } = await cut(updates, PIECE_BYTES, breathe);
  return { pieces, outline: new StoredOutline(clocks, [], deletes) };
}

/** A document that becomes what it is piece by piece, so that others have their turn between. */
export class DocumentBuilder {
  readonly #doc: Y.Doc;

  constructor(articleId: string) {
    // Given a guid, Yjs does not make a random one, which costs more than all the rest.
    this.#doc = new Y.Doc({ guid: articleId, gc: true });
  }

  /** Pieces come in their order. Throws KopuroError `article-unreadable`. */
  apply(piece: Uint8Array): void {
    const origin: ChangeOrigin = { personId: null, via: 'load' };
    try {
      this.#doc.transact((transaction) => {
        Y.applyUpdate(this.#doc, piece, origin);
        // After changes of others Yjs tidies formatting that holds no words: theirs may be in a later piece.
        transaction.local = true;
      }, origin);
    } catch (error) {
      throw new KopuroError('article-unreadable', { why: String(error) });
    }
  }

  /** The whole document. Throws KopuroError `article-unreadable` if something is missing, or it is not what `outline` said. */
  finish(outline: StoredOutline | null): Y.Doc {
    const doc = this.#doc;
    if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) {
      throw new KopuroError('article-unreadable', { why: 'the log has a gap' });
    }
    if (outline?.isOf(doc) === false) {
      throw new KopuroError('article-unreadable', { why: 'the document is not what was said of it' });
    }
    // Roots get their types before anybody can give them another one.
    doc.getMap(META_ROOT);
    doc.getMap(ANNOTATIONS_ROOT);
    doc.getMap(REVIEW_ROOT);
    for (const language of articleLanguages(readMeta(doc))) doc.getXmlFragment(textRoot(language));
    return doc;
  }

  discard(): void {
    this.#doc.destroy();
  }
}
