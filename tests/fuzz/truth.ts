// What an update did to a document, read from Yjs's own transaction and from the content, not from the guard.
import * as Y from 'yjs';

export interface Effects {
  /** Roots that Yjs says changed, in which items were added, or in which something that was alive was deleted. */
  readonly roots: ReadonlySet<string>;
  /** Client ids of what was added. */
  readonly clients: ReadonlySet<number>;
  /** Whether formatting was deleted and nothing else happened. */
  readonly onlyTidied: boolean;
}

/** For `beforeObserverCalls`: Yjs has integrated everything, and collected nothing yet. */
export function effectsOf(transaction: Y.Transaction, doc: Y.Doc): Effects {
  const names = new Map([...doc.share].map(([name, type]) => [type as unknown, name]));
  const roots = new Set<string>();
  const clients = new Set<number>();
  let onlyTidied = true;
  const addRoot = (type: unknown) => {
    let top = type as Y.AbstractType<unknown>;
    while (top._item) top = top._item.parent as Y.AbstractType<unknown>;
    roots.add(names.get(top) ?? 'nowhere');
  };
  for (const type of transaction.changed.keys()) addRoot(type);
  for (const [client, structs] of doc.store.clients) {
    const before = transaction.beforeState.get(client) ?? 0;
    for (let index = structs.length - 1; index >= 0; index -= 1) {
      const struct = structs[index]!;
      if (struct.id.clock + struct.length <= before) break;
      clients.add(client);
      onlyTidied = false;
      if (struct instanceof Y.Item) addRoot(struct.parent);
    }
  }
  for (const [client, ranges] of transaction.deleteSet.clients) {
    const structs = doc.store.clients.get(client) ?? [];
    for (const { clock, len } of ranges) {
      for (const struct of structs) {
        if (struct.id.clock + struct.length <= clock || struct.id.clock >= clock + len) continue;
        if (struct instanceof Y.Item) addRoot(struct.parent);
        if (!(struct instanceof Y.Item && struct.content instanceof Y.ContentFormat)) onlyTidied = false;
      }
    }
  }
  return { roots, clients, onlyTidied };
}

/** Applies `update` and tells what it did: the update's own transaction, not Yjs's tidying after it. */
export function applyAndWatch(doc: Y.Doc, update: Uint8Array): Effects {
  let effects: Effects | null = null;
  const watch = (transaction: Y.Transaction) => {
    effects ??= effectsOf(transaction, doc);
  };
  doc.on('beforeObserverCalls', watch);
  Y.applyUpdate(doc, update);
  doc.off('beforeObserverCalls', watch);
  return effects ?? { roots: new Set(), clients: new Set(), onlyTidied: true };
}

/** Applies a row of the log as the server does when it loads one: what Yjs tidied is in the log, and is not tidied again. */
export function applyRow(doc: Y.Doc, row: Uint8Array): void {
  doc.transact((transaction) => {
    Y.applyUpdate(doc, row);
    transaction.local = true;
  });
}

/** By root: everything in it that can be seen, formatting and attributes included. */
export function fingerprints(doc: Y.Doc): Map<string, string> {
  return new Map([...doc.share].map(([name, type]) => [name, seen(type as SharedType)]));
}

/** By root: the same, and the ids of all of it in their order, what is deleted included. */
export function layouts(doc: Y.Doc): Map<string, string> {
  return new Map(
    [...doc.share].map(([name, type]) => [name, `${order(type as SharedType)}\n${seen(type as SharedType)}`]),
  );
}

type SharedType = Y.AbstractType<unknown>;

function seen(type: SharedType): string {
  const parts: string[] = [];
  const formats = new Map<string, unknown>();
  let shown = '';
  for (let item = type._start; item !== null; item = item.right) {
    const { content, deleted } = item;
    if (deleted) continue;
    if (content instanceof Y.ContentFormat) {
      if (content.value === null) formats.delete(content.key);
      else formats.set(content.key, content.value);
      continue;
    }
    const style = JSON.stringify([...formats].sort());
    if (style !== shown) parts.push(style);
    shown = style;
    parts.push(contentOf(item));
  }
  for (const key of [...type._map.keys()].sort()) {
    const item = type._map.get(key)!;
    if (!item.deleted) parts.push(`@${key}=${contentOf(item)}`);
  }
  return parts.join('');
}

function contentOf({ content }: Y.Item): string {
  if (content instanceof Y.ContentType) {
    const type = content.type as SharedType & { nodeName?: string };
    return `<${type.constructor.name} ${type.nodeName ?? ''}>${seen(type)}</>`;
  }
  if (content instanceof Y.ContentString) return content.str;
  return `[${content.getContent().map((value) => JSON.stringify(value) ?? 'undefined')}]`;
}

function order(type: SharedType): string {
  const units: string[] = [];
  const add = (item: Y.Item) => {
    for (let unit = 0; unit < item.length; unit += 1) units.push(`${item.id.client}:${item.id.clock + unit}`);
    if (!item.deleted && item.content instanceof Y.ContentType) {
      units.push(`<${order(item.content.type as SharedType)}>`);
    }
  };
  for (let item = type._start; item !== null; item = item.right) add(item);
  for (const key of [...type._map.keys()].sort()) {
    const values: Y.Item[] = [];
    for (let item: Y.Item | null = type._map.get(key)!; item !== null; item = item.left) values.unshift(item);
    units.push(`@${key}`);
    for (const value of values) add(value);
  }
  return units.join(' ');
}
