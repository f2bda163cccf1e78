// The annotations of an open article as a value that changes: read from the Y.Doc piece by piece as they change, with the
// own commands that still wait in the outbox laid over them. It never writes to the document.
import type * as Y from 'yjs';
import { annotationFromMap, annotationsMap } from '../../shared/annotation/read.ts';
import type { Annotation } from '../../shared/annotation/types.ts';
import { createValue } from '../article/observable.ts';
import type { Observable } from '../article/types.ts';

export interface AnnotationStore extends Observable<ReadonlyMap<string, Annotation>> {
  destroy(): void;
}

/** Follows the root `annotations` of a document. The map is a new object after every change; untouched values are kept. */
export function followAnnotations(doc: Y.Doc): AnnotationStore {
  const root = annotationsMap(doc);
  const initial = new Map<string, Annotation>();
  for (const [id, map] of root.entries()) initial.set(id, annotationFromMap(map));
  const value = createValue<ReadonlyMap<string, Annotation>>(initial);

  const onChange = (events: Y.YEvent<Y.AbstractType<unknown>>[]) => {
    const touched = new Set<string>();
    for (const event of events) {
      if (event.path.length === 0) for (const id of event.changes.keys.keys()) touched.add(id);
      else touched.add(String(event.path[0]));
    }
    const next = new Map(value.get());
    for (const id of touched) {
      const map = root.get(id);
      if (map) next.set(id, annotationFromMap(map));
      else next.delete(id);
    }
    value.set(next);
  };
  root.observeDeep(onChange as Parameters<typeof root.observeDeep>[0]);
  return {
    get: value.get,
    subscribe: value.subscribe,
    destroy: () => root.unobserveDeep(onChange as Parameters<typeof root.observeDeep>[0]),
  };
}
