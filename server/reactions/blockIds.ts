// Every block of a text has an id of its own. Editors name the blocks that they make; what concurrency doubles or a foreign
// client leaves out is repaired here, by the server alone and so that every server would do the same.
import type * as Y from 'yjs';
import { blockElements, blockId } from '../../shared/article/blocks.ts';
import { ID_PATTERN } from '../../shared/article/ids.ts';

export interface Repair {
  element: Y.XmlElement;
  /** The id that it has, '' if none. */
  before: string;
  /** The id that it is to have. */
  id: string;
}

/** The blocks of a text that need another id: the first of equals keeps its own. */
export function repairsOf(doc: Y.Doc, language: string): Repair[] {
  const elements = blockElements(doc, language);
  const all = new Set(elements.map(blockId));
  const taken = new Set<string>();
  const repairs: Repair[] = [];
  for (const element of elements) {
    const id = blockId(element);
    if (ID_PATTERN.test(id) && !taken.has(id)) {
      taken.add(id);
      continue;
    }
    const repaired = freshId(element, all);
    all.add(repaired);
    taken.add(repaired);
    repairs.push({ element, before: id, id: repaired });
  }
  return repairs;
}

/** Makes the repairs. Call it inside a server transaction. */
export function repairBlockIds(repairs: readonly Repair[]): void {
  for (const { element, id } of repairs) element.setAttribute('id', id);
}

/** An id made of the element's own identity in the document, so that it does not matter who repairs it. */
function freshId(element: Y.XmlElement, taken: ReadonlySet<string>): string {
  const { client, clock } = element._item!.id;
  const base = `b${client.toString(36)}-${clock.toString(36)}`;
  let id = base;
  for (let count = 2; taken.has(id); count++) id = `${base}-${count}`;
  return id;
}
