// Annotations out of a Y.Doc and into it. Fields are plain JSON values; the thread is a Y.Array so that replies that
// arrive together both stay.
import * as Y from 'yjs';
import { ANNOTATIONS_ROOT } from '../article/roots.ts';
import type { Annotation, Message } from './types.ts';

export function annotationsMap(doc: Y.Doc): Y.Map<Y.Map<unknown>> {
  return doc.getMap(ANNOTATIONS_ROOT) as Y.Map<Y.Map<unknown>>;
}

/** All annotations, oldest first. */
export function readAnnotations(doc: Y.Doc): Annotation[] {
  const annotations: Annotation[] = [];
  for (const map of annotationsMap(doc).values()) annotations.push(annotationFromMap(map));
  return annotations.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

/** One annotation, or null if there is none of that id. */
export function readAnnotation(doc: Y.Doc, id: string): Annotation | null {
  const map = annotationsMap(doc).get(id);
  return map ? annotationFromMap(map) : null;
}

export function annotationFromMap(map: Y.Map<unknown>): Annotation {
  return map.toJSON() as Annotation;
}

/** Writes a new annotation. Call it inside a server transaction. */
export function insertAnnotation(doc: Y.Doc, annotation: Annotation): void {
  const { thread, ...fields } = annotation;
  const map = new Y.Map<unknown>();
  for (const [key, value] of Object.entries(fields)) map.set(key, value);
  const messages = new Y.Array<Message>();
  messages.push(thread);
  map.set('thread', messages);
  annotationsMap(doc).set(annotation.id, map);
}

/** Sets some fields of an annotation. Call it inside a server transaction; `thread` is changed through `threadOf`. */
export function updateAnnotation(doc: Y.Doc, id: string, change: Partial<Omit<Annotation, 'id' | 'thread'>>): void {
  const map = annotationsMap(doc).get(id);
  if (!map) return;
  for (const [key, value] of Object.entries(change)) map.set(key, value);
}

export function threadOf(doc: Y.Doc, id: string): Y.Array<Message> | null {
  return (annotationsMap(doc).get(id)?.get('thread') as Y.Array<Message> | undefined) ?? null;
}
