// What the tests of the guard share: a server's document with somebody to be judged, and updates made by Yjs where an honest client
// could make them, by hand where none could.
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { judgeUpdate } from '../../server/sync/guard/guard.ts';
import { RootNames } from '../../server/sync/guard/store.ts';
import type { GuardParts, Verdict } from '../../server/sync/guard/verdict.ts';
import { textRoot } from '../../shared/article/roots.ts';
import { articleUpdate } from './harness.ts';

const ME = 'russian';
export const MY_CLIENT = 4_000;
export const OTHER_CLIENT = 5_000;

/** The server's document and what it would say of an update by a Russian translator. */
export function server(given: { writable?: string[]; seed?: Uint8Array } = {}) {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, given.seed ?? articleUpdate());
  doc.getMap('annotations');
  for (const language of ['en', 'ru', 'ky']) doc.getXmlFragment(textRoot(language));
  const writable = given.writable ?? ['text/ru'];
  const owners = new Map<number, string>([[OTHER_CLIENT, 'somebody else']]);
  const parts: GuardParts = {
    doc,
    roots: new RootNames(doc),
    personId: ME,
    ownerOf: (client) => owners.get(client),
    access: (root) =>
      writable.includes(root)
        ? 'yes'
        : ['annotations', 'meta', 'text/en', 'text/ky', 'text/ru'].includes(root)
          ? 'forbidden'
          : 'unknown',
    mayWriteSomething: writable.length > 0,
  };
  const judge = (update: Uint8Array): Verdict => judgeUpdate(update, parts);
  /** Judges and, if accepted, applies. */
  const take = (update: Uint8Array): Verdict => {
    const verdict = judge(update);
    if (verdict.kind === 'accept') {
      Y.applyUpdate(doc, verdict.update);
      for (const client of verdict.newClients) owners.set(client, ME);
    }
    return verdict;
  };
  return { doc, owners, judge, take };
}

/** A client's document that holds what the server's does. */
export function client(of: Y.Doc, clientId = MY_CLIENT): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(of));
  doc.clientID = clientId;
  return doc;
}

/** What `change` makes of `doc`, as the updates that it emits. */
export function updatesOf(doc: Y.Doc, change: () => void): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const collect = (update: Uint8Array) => updates.push(update);
  doc.on('update', collect);
  change();
  doc.off('update', collect);
  return updates;
}

export const updateOf = (doc: Y.Doc, change: () => void): Uint8Array => Y.mergeUpdates(updatesOf(doc, change));

/** An update written by hand. */
export function handmade(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}

export const numbers = (encoder: encoding.Encoder, ...values: number[]) => {
  for (const value of values) encoding.writeVarUint(encoder, value);
};

/** One struct of `client` at `clock`, with no deletions after it. */
export function oneStruct(client: number, clock: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
  return handmade((encoder) => {
    numbers(encoder, 1, 1, client, clock);
    write(encoder);
    numbers(encoder, 0);
  });
}

export function refusal(verdict: Verdict): { code: string; root: string; message: string } {
  if (verdict.kind !== 'refuse') throw new Error(`expected a refusal, got ${verdict.kind}`);
  return verdict.refused;
}
