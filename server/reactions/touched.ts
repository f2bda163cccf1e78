// What a transaction touched, in the article's terms: which texts, which blocks of them, and whether blocks came or went.
import * as Y from 'yjs';
import { languageOfRoot } from '../../shared/article/roots.ts';
import type { ChangeOrigin } from '../sync/types.ts';

export interface TouchedText {
  language: string;
  /** Blocks whose words or attributes changed, or that are new; some may be gone again. */
  elements: Set<Y.XmlElement>;
  /** Blocks came, went or changed an attribute: ids may be missing, double or gone. */
  structural: boolean;
}

/** The texts that a transaction changed. */
export function touchedTexts(transaction: Y.Transaction): TouchedText[] {
  const texts = new Map<Y.AbstractType<unknown>, TouchedText | null>();
  for (const [type, keys] of transaction.changed) {
    const path = pathToRoot(type as Y.AbstractType<unknown>);
    const root = path[path.length - 1]!;
    if (!texts.has(root)) texts.set(root, openRoot(root));
    const text = texts.get(root);
    if (!text) continue;
    if (path.length === 1) {
      text.structural = true;
      for (const element of newChildren(root, transaction)) text.elements.add(element);
    } else {
      const element = path[path.length - 2];
      if (element instanceof Y.XmlElement) text.elements.add(element);
      if (type === element && [...keys].some((key) => key !== null)) text.structural = true;
    }
  }
  return [...texts.values()].filter((text) => text !== null);
}

/** Whether a transaction is a person's change, as opposed to loading, and to the server's own consequences. */
export function isChange(transaction: Y.Transaction): boolean {
  const origin = transaction.origin as ChangeOrigin | null;
  if (!origin || origin.personId === null || origin.via === 'load' || origin.via === 'reaction') return false;
  return transaction.changed.size > 0 || transaction.deleteSet.clients.size > 0;
}

/** Whether changes of another process came between changes of this one: together they may want what neither did alone. */
export function isMerge(transaction: Y.Transaction): boolean {
  return (transaction.origin as ChangeOrigin | null)?.via === 'merge';
}

/** The type, its parent, and so on to the root. */
function pathToRoot(type: Y.AbstractType<unknown>): Y.AbstractType<unknown>[] {
  const path = [type];
  for (let at = type; at._item !== null; ) {
    at = at._item.parent as Y.AbstractType<unknown>;
    path.push(at);
  }
  return path;
}

function openRoot(root: Y.AbstractType<unknown>): TouchedText | null {
  const language = languageOfRoot(Y.findRootTypeKey(root));
  return language === null ? null : { language, elements: new Set(), structural: false };
}

function* newChildren(root: Y.AbstractType<unknown>, { beforeState }: Y.Transaction): Generator<Y.XmlElement> {
  for (let item = root._start; item !== null; item = item.right) {
    if (item.deleted || item.id.clock < (beforeState.get(item.id.client) ?? 0)) continue;
    if (item.content instanceof Y.ContentType && item.content.type instanceof Y.XmlElement) yield item.content.type;
  }
}
