// An article from the log to a live document. A document that cannot be read whole is an error, never an emptier document.
import * as Y from 'yjs';
import { articleLanguages, readMeta } from '../../shared/article/meta.ts';
import { ANNOTATIONS_ROOT, META_ROOT, REVIEW_ROOT, textRoot } from '../../shared/article/roots.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import type { StoredState } from '../storage/types.ts';
import { breathe, cutIntoPieces, PIECE_BYTES } from '../updates/pieces.ts';
import type { FirstUpdates } from './firstState.ts';
import type { ChangeOrigin } from './types.ts';

export interface OpenedDocument {
  doc: Y.Doc;
  /** What it was made from. */
  first: FirstUpdates;
}

/** What is stored of an article, for those who have nothing of it. */
export async function firstUpdatesOf({ state, tail }: StoredState): Promise<FirstUpdates> {
  const stored = state ? [state, ...tail] : tail;
  return {
    pieces: await cutIntoPieces(stored, PIECE_BYTES, breathe),
    whole: stored.length === 1 ? stored[0]! : null,
  };
}

/** Applies a long article piece by piece, so that others have their turn. Throws KopuroError `article-unreadable`. */
export async function openDocument(articleId: string, stored: StoredState): Promise<OpenedDocument> {
  // Given a guid, Yjs does not make a random one, which costs more than all the rest.
  const doc = new Y.Doc({ guid: articleId, gc: true });
  const origin: ChangeOrigin = { personId: null, via: 'load' };
  const first = await firstUpdatesOf(stored);
  try {
    for (const [index, piece] of first.pieces.entries()) {
      if (index > 0) await breathe();
      doc.transact((transaction) => {
        Y.applyUpdate(doc, piece, origin);
        // After changes of others Yjs tidies formatting that holds no words: theirs may be in a later piece.
        transaction.local = true;
      }, origin);
    }
  } catch (error) {
    throw new KopuroError('article-unreadable', { why: String(error) });
  }
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) {
    throw new KopuroError('article-unreadable', { why: 'the log has a gap' });
  }
  // Roots get their types before anybody can give them another one.
  doc.getMap(META_ROOT);
  doc.getMap(ANNOTATIONS_ROOT);
  doc.getMap(REVIEW_ROOT);
  for (const language of articleLanguages(readMeta(doc))) doc.getXmlFragment(textRoot(language));
  return { doc, first };
}
