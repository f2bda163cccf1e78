// Not measured: types the long article's history into a server that is to open it later, over one connection.
import { readHistory } from '../history.ts';
import { clientFor } from '../join.ts';
import { until } from '../pace.ts';
import type { RunScenario } from '../task.ts';

const UNDER_WAY_BYTES = 1024 * 1024;

export const feed: RunScenario = async (task) => {
  const { id, initial, history, stateVector } = task.long!;
  const client = clientFor(task, { id, state: initial }, task.editors[0]);
  await client.open();
  await client.sync();
  client.update(initial);
  for (const update of await readHistory(history)) {
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
