// Stands in for parts that are being written, so that the rest can be looked at. It goes away with them.
import * as Y from 'yjs';
import { annotationsMap } from '../shared/annotation/read.ts';
import type { Room, SyncEngine, SyncParts } from './sync/types.ts';

export function createRooms(parts: SyncParts): SyncEngine {
  async function open(articleId: string): Promise<Room> {
    const stored = await parts.storage.log.load(articleId);
    const doc = new Y.Doc({ guid: articleId });
    if (stored?.state) Y.applyUpdate(doc, stored.state);
    for (const update of stored?.tail ?? []) Y.applyUpdate(doc, update);
    annotationsMap(doc);
    return {
      articleId,
      epoch: 1,
      doc,
      transact: async (by, change, command) => {
        const updates: Uint8Array[] = [];
        doc.on('update', (update: Uint8Array) => updates.push(update));
        const value = doc.transact(() => change(doc));
        const at = parts.dependencies.now();
        await parts.storage.log.append(
          updates.map((update) => ({ articleId, personId: by?.id ?? null, at, update })),
          command
            ? [
                {
                  id: command.id,
                  articleId,
                  personId: command.personId,
                  at,
                  result: JSON.stringify(command.result(value)),
                },
              ]
            : [],
        );
        return value;
      },
      committed: async () => undefined,
      waitFor: async () => undefined,
      present: () => [],
    };
  }
  return {
    use: async (articleId, use) => use(await open(articleId)),
    live: () => null,
    rightsChanged: async () => undefined,
    drop: async () => undefined,
    stats: () => ({ rooms: 0, connections: 0, pendingBytes: 0 }),
    close: async () => undefined,
    acceptConnection: (socket) => socket.close(4503, 'shutting-down'),
  };
}
