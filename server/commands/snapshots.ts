// Snapshots by command: a named one, and restoring. What is restored is text, as a forward change block by block; annotations
// find their words again, review states follow from the texts, and nobody's document is replaced.
import * as Y from 'yjs';
import { readBlocks } from '../../shared/article/blocks.ts';
import { articleLanguages, readMeta } from '../../shared/article/meta.ts';
import { applyStored } from '../../shared/article/stored.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import type { SnapshotInfo } from '../../shared/protocol/rest.ts';
import { takeSnapshot } from '../reactions/snapshots.ts';
import type { Storage } from '../storage/types.ts';
import { requireRight } from './requirements.ts';
import { restoreText } from './restoring.ts';
import type { Handler } from './types.ts';

/** A snapshot as a document, for reading only. Throws `snapshot-not-found`. */
export async function openSnapshot(
  storage: Storage,
  articleId: string,
  snapshotId: string,
): Promise<{ info: SnapshotInfo; doc: Y.Doc }> {
  const stored = await storage.snapshots.load(articleId, snapshotId);
  if (!stored) throw new KopuroError('snapshot-not-found', { snapshotId });
  const doc = new Y.Doc({ guid: snapshotId });
  applyStored(doc, [stored.state]);
  return { info: stored.info, doc };
}

export const createSnapshot: Handler<'snapshot.create'> = {
  authorise: (context) => requireRight(context, 'takeSnapshot'),
  async prepare({ storage, room, person, at, articleId, events, afterwards }, { name }) {
    const { id } = await takeSnapshot(storage, room, { kind: 'named', name, by: person, at });
    afterwards('snapshots.changed', () => events.snapshotsChanged(articleId));
    return () => ({ snapshotId: id });
  },
};

export const restoreSnapshot: Handler<'snapshot.restore'> = {
  authorise: (context) => requireRight(context, 'restoreSnapshot'),
  async prepare({ storage, room, person, at, articleId, events, afterwards }, { snapshotId }) {
    const { info, doc: old } = await openSnapshot(storage, articleId, snapshotId);
    await takeSnapshot(storage, room, { kind: 'before-restore', name: info.name, by: person, at });
    afterwards('snapshots.changed', () => events.snapshotsChanged(articleId));
    afterwards('article.restored', () => events.articleRestored(articleId));
    return (context) => {
      const then = articleLanguages(readMeta(old));
      for (const language of articleLanguages(readMeta(context.doc))) {
        // a language that the article did not have yet is left as it is
        if (then.includes(language)) restoreText(context.doc, language, readBlocks(old, language));
      }
      old.destroy();
      return { ok: true };
    };
  },
};
