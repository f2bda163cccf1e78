// The blocks of every text as values that change only when blocks come, go, or change their nature: typing leaves them
// alone. Read from the Y.Doc, so it counts for columns that are hidden too.
import * as Y from 'yjs';
import { blockElements, blockId, readBlock } from '../../shared/article/blocks.ts';
import { textRoot } from '../../shared/article/roots.ts';
import type { BlockAttributes } from '../../shared/article/schema.ts';
import { createValue, type Value } from '../article/observable.ts';
import type { Observable } from '../article/types.ts';

export type BlockInfo = BlockAttributes & { id: string };

export interface ArticleStructure {
  blocks(language: string): Observable<readonly BlockInfo[]>;
  element(language: string, id: string): Y.XmlElement | null;
  /** Called with the ids of blocks whose words changed, once per Yjs transaction. */
  onWords(listener: (language: string, blockIds: ReadonlySet<string>) => void): () => void;
  destroy(): void;
}

interface Followed {
  value: Value<readonly BlockInfo[]>;
  elements: Map<string, Y.XmlElement>;
  stop(): void;
}

export function followStructure(doc: Y.Doc): ArticleStructure {
  const followed = new Map<string, Followed>();
  const wordListeners = new Set<(language: string, blockIds: ReadonlySet<string>) => void>();

  // Reading words is dear; what a block is changes rarely.
  const infos = new WeakMap<Y.XmlElement, BlockInfo>();
  function info(element: Y.XmlElement): BlockInfo {
    let known = infos.get(element);
    if (!known) {
      const { content: _, ...rest } = readBlock(element);
      known = rest;
      infos.set(element, known);
    }
    return known;
  }

  function follow(language: string): Followed {
    const known = followed.get(language);
    if (known) return known;
    const fragment = doc.getXmlFragment(textRoot(language));
    const entry: Followed = { value: createValue<readonly BlockInfo[]>([]), elements: new Map(), stop: () => {} };
    const read = () => {
      const elements = blockElements(doc, language);
      entry.elements = new Map(elements.map((element) => [blockId(element), element] as const).reverse());
      entry.value.set(elements.map(info));
    };
    const onChange = (events: Y.YEvent<Y.AbstractType<unknown>>[]) => {
      const words = new Set<string>();
      let structural = false;
      for (const event of events) {
        const { target } = event;
        if (target === (fragment as Y.AbstractType<unknown>)) structural = true;
        else if (target instanceof Y.XmlElement) {
          words.add(blockId(target));
          if ((event as unknown as Y.YXmlEvent).attributesChanged.size > 0) {
            structural = true;
            infos.delete(target);
          }
        } else if (target.parent instanceof Y.XmlElement) words.add(blockId(target.parent));
      }
      if (structural) {
        const before = new Set(entry.elements.keys());
        read();
        for (const id of entry.elements.keys()) if (!before.delete(id)) words.add(id);
        for (const id of before) words.add(id);
      }
      for (const listener of wordListeners) listener(language, words);
    };
    fragment.observeDeep(onChange as Parameters<typeof fragment.observeDeep>[0]);
    entry.stop = () => fragment.unobserveDeep(onChange as Parameters<typeof fragment.observeDeep>[0]);
    read();
    followed.set(language, entry);
    return entry;
  }

  return {
    blocks: (language) => follow(language).value,
    element: (language, id) => follow(language).elements.get(id) ?? null,
    onWords(listener) {
      wordListeners.add(listener);
      return () => {
        wordListeners.delete(listener);
      };
    },
    destroy() {
      for (const { stop } of followed.values()) stop();
      followed.clear();
      wordListeners.clear();
    },
  };
}
