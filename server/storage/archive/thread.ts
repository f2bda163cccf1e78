// The document thread: builds whole documents from what the log holds, encodes, compares and merges, so that none of it ever
// stops the event loop that serves people. It is handed bytes and hands bytes back; it knows no database.
import { parentPort } from 'node:worker_threads';
import * as Y from 'yjs';
import { blockText, readBlocks } from '../../../shared/article/blocks.ts';
import { readMeta } from '../../../shared/article/meta.ts';
import { applyStored } from '../../../shared/article/stored.ts';
import { countWords } from '../../../shared/translation/diff.ts';
import { piecesAt, placesOf } from '../../updates/places.ts';
import { fingerprint, requireWhole } from './content.ts';
import type { DocumentId, ThreadAnswer, Values, Work } from './messages.ts';
import { pack, unpackHere } from './packing.ts';
import { mergeRows, readParts, writeParts } from './segments.ts';

const documents = new Map<DocumentId, Y.Doc>();

class Unreadable extends Error {}

function carryOut(work: Work): Values[keyof Values] {
  switch (work.kind) {
    case 'open':
      documents.set(work.document, new Y.Doc({ guid: 'archive', gc: true }));
      return null;
    case 'close':
      documents.get(work.document)?.destroy();
      documents.delete(work.document);
      return null;
    case 'apply':
      apply(find(work.document), work.updates);
      return null;
    case 'applyPacked': {
      const { packed, places = null } = work;
      const state = reading(() => unpackHere(packed));
      apply(find(work.document), places === null ? [state] : reading(() => piecesAt(state, places).pieces));
      return null;
    }
    case 'applySegment': {
      const parts = reading(() => readSegment(work.segment));
      const wanted = parts.filter(({ from, to }) => from > work.after && to <= work.upTo);
      apply(
        find(work.document),
        wanted.map(({ update }) => update),
      );
      return wanted.at(-1)?.to ?? null;
    }
    case 'encode': {
      const doc = findWhole(work.document);
      const state = Y.encodeStateAsUpdate(doc);
      return { packed: pack(state), stateVector: Y.encodeStateVector(doc), places: placesOf(state) };
    }
    case 'update':
      return Y.encodeStateAsUpdate(findWhole(work.document));
    case 'words':
      return sourceWords(findWhole(work.document));
    case 'fingerprint':
      return fingerprint(findWhole(work.document));
    case 'pack':
      return pack(reading(() => writeParts(mergeRows(work.rows, new Set(work.cuts))))).data;
    case 'parts':
      return reading(() => readSegment(work.segment)).map(({ update, ...part }) => ({ ...part, bytes: update.length }));
  }
}

function readSegment(segment: Uint8Array) {
  return readParts(unpackHere({ form: 'v1-br', data: segment }));
}

/** All in one transaction, not one for each of thousands of keystrokes. */
function apply(doc: Y.Doc, updates: readonly Uint8Array[]): void {
  reading(() => applyStored(doc, updates));
}

function find(document: DocumentId): Y.Doc {
  const doc = documents.get(document);
  if (!doc) throw new Error(`no document ${document} in this thread`);
  return doc;
}

function findWhole(document: DocumentId): Y.Doc {
  const doc = find(document);
  reading(() => requireWhole(doc));
  return doc;
}

function reading<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Unreadable(error instanceof Error ? error.message : String(error));
  }
}

function sourceWords(doc: Y.Doc): number {
  const { sourceLanguage } = readMeta(doc);
  return readBlocks(doc, sourceLanguage).reduce((sum, block) => sum + countWords(blockText(block), sourceLanguage), 0);
}

if (!parentPort) throw new Error('the document thread must be started as a worker');
const port = parentPort;

port.on('message', (work: Work) => {
  let answer: ThreadAnswer;
  try {
    answer = { kind: 'done', value: carryOut(work) };
  } catch (error) {
    if (error instanceof Unreadable) answer = { kind: 'unreadable', message: error.message };
    else answer = { kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  port.postMessage(answer);
});
