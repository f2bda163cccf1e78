// An article from the log to a live document. A document that cannot be read whole is an error, never an emptier document.
import * as Y from 'yjs';
import { articleLanguages, readMeta } from '../../shared/article/meta.ts';
import { ANNOTATIONS_ROOT, META_ROOT, REVIEW_ROOT, textRoot } from '../../shared/article/roots.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import type { StoredState } from '../storage/types.ts';
import type { ChangeOrigin } from './types.ts';

/** Throws KopuroError `article-unreadable`. */
export function openDocument(articleId: string, stored: StoredState): Y.Doc {
  // Given a guid, Yjs does not make a random one, which costs more than all the rest.
  const doc = new Y.Doc({ guid: articleId, gc: true });
  const origin: ChangeOrigin = { personId: null, via: 'load' };
  try {
    doc.transact(() => {
      if (stored.state) Y.applyUpdate(doc, stored.state, origin);
      for (const update of stored.tail) Y.applyUpdate(doc, update, origin);
    }, origin);
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
  return doc;
}
