// Not measured: types the long article's history into a server that is to open it later, over one connection. Hocuspocus keeps
// one state and no history, so that it gets many keys at once: what it stores is the same, and it is not asked to hurry.
import * as Y from 'yjs';
import { readHistory } from '../history.ts';
import { clientFor } from '../join.ts';
import { until } from '../pace.ts';
import type { RunScenario } from '../task.ts';

const UNDER_WAY_BYTES = 1024 * 1024;
const KEYS_AT_ONCE = 1_000;

export const feed: RunScenario = async (task) => {
  const { id, initial, history, stateVector } = task.long!;
  const client = clientFor(task, { id, state: initial }, task.editors[0]);
  await client.open();
  await client.sync();
  client.update(initial);
  const keys = await readHistory(history);
  for (const update of task.dialect === 'hocuspocus' ? merged(keys) : keys) {
    client.update(update);
    if (client.socket.bufferedAmount > UNDER_WAY_BYTES) {
      await until(
        () => client.socket.bufferedAmount === 0,
        () => 'it does not read',
      );
    }
  }
  await client.sync(stateVector); // it has read everything when it answers
  client.terminate();
  return {};
};

function merged(keys: readonly Uint8Array[]): Uint8Array[] {
  const updates: Uint8Array[] = [];
  for (let from = 0; from < keys.length; from += KEYS_AT_ONCE) {
    updates.push(Y.mergeUpdates(keys.slice(from, from + KEYS_AT_ONCE)));
  }
  return updates;
}
