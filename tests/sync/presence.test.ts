// Who is seen, and for how long: connections that close, processes that die or freeze, client ids that return, states too large.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as encoding from 'lib0/encoding';
import { afterEach, describe, expect, it } from 'vitest';
import { MAX_STATE_BYTES, MAX_STATES } from '../../server/sync/presence.ts';
import { ARTICLE, EDITOR, type Engine, engine, KYRGYZ, MemoryClient, quiet, RUSSIAN, serve, until } from './harness.ts';

const CHILD = fileURLToPath(new URL('child-client.mjs', import.meta.url));

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function start(options: NonNullable<Parameters<typeof engine>[0]>['options'] = {}): Engine {
  const made = engine({ options });
  closers.push(() => made.rooms.close());
  return made;
}

async function join(
  server: Engine,
  who: typeof EDITOR,
  given: ConstructorParameters<typeof MemoryClient>[2] = {},
): Promise<MemoryClient> {
  const client = new MemoryClient(server, who, given);
  closers.push(() => client.leave());
  await until(() => client.saved > 0 || client.closed !== null, 'the client is there');
  return client;
}

/** Another process that is in the article, seen by everybody. */
async function joinFromAnotherProcess(server: Engine, witness: MemoryClient) {
  const { url, close } = await serve(server);
  closers.push(close);
  const child = spawn(process.execPath, [CHILD, `${url}/${ARTICLE}?person=russian`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  closers.push(() => end(child));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const client = Number(line.toString());
  await until(() => sees(witness, client), 'it is seen');
  return { child, client };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const sees = (witness: MemoryClient, client: number) => witness.awareness.getStates().has(client);

/** An awareness message with these entries. */
function states(...entries: { client: number; clock: number; json: string }[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, entries.length);
  for (const { client, clock, json } of entries) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, json);
  }
  return encoding.toUint8Array(encoder);
}

const stateOf = (bytes: number) => JSON.stringify({ x: 'x'.repeat(bytes - '{"x":""}'.length) });

describe('presence of those who are gone', () => {
  it('SYNC-46 is forgotten within a second when a client process is killed', async () => {
    const server = start();
    const witness = await join(server, EDITOR);
    const { child, client } = await joinFromAnotherProcess(server, witness);
    child.kill('SIGKILL');
    const end = Date.now() + 1_000;
    while (sees(witness, client) && Date.now() < end) await quiet(5);
    expect(sees(witness, client)).toBe(false);
    expect(server.rooms.stats().connections).toBe(1);
  });

  it('SYNC-47 is forgotten when nothing comes any more, not even an answer to a ping; whoever answers stays', async () => {
    const server = start({ silentMs: 600 });
    const witness = await join(server, EDITOR);
    const { child, client } = await joinFromAnotherProcess(server, witness);
    await quiet(1_500); // more than twice the bound, in which the client says nothing by itself
    expect(sees(witness, client)).toBe(true);
    child.kill('SIGSTOP');
    await until(() => !sees(witness, client), 'the frozen one is forgotten');
    expect(server.rooms.stats().connections).toBe(1);
  });

  it('SYNC-48 is forgotten when its client takes leave, and a connection that stays may speak again', async () => {
    const server = start();
    const witness = await join(server, EDITOR);
    const leaving = await join(server, RUSSIAN);
    const client = leaving.doc.clientID;
    leaving.sendPresence();
    await until(() => sees(witness, client), 'it is seen');
    leaving.awareness.setLocalState(null);
    leaving.sendPresence();
    await until(() => !sees(witness, client), 'it is forgotten');
    expect(leaving.closed).toBeNull();
    leaving.awareness.setLocalState({ blockId: 'b2' });
    leaving.sendPresence();
    await until(() => sees(witness, client), 'it is seen again');
  });

  it('SYNC-48 stays with the last of several connections of one client id, whatever the older ones say or do', async () => {
    const server = start();
    const witness = await join(server, EDITOR);
    const first = await join(server, RUSSIAN);
    const client = first.doc.clientID;
    const connections = [first];
    for (let index = 0; index < 3; index += 1) connections.push(await join(server, RUSSIAN, { doc: first.doc }));
    for (const [index, connection] of connections.entries()) {
      connection.awareness.setLocalState({ blockId: `b${index}` });
      connection.sendPresence();
      await until(() => witness.awareness.getStates().get(client)?.blockId === `b${index}`, 'the newest is believed');
    }
    const last = connections.pop()!;
    connections[0]!.sendPresenceBytes(states({ client, clock: 2 ** 50, json: 'null' }));
    for (const connection of connections) connection.leave();
    await quiet();
    expect(witness.awareness.getStates().get(client)?.blockId).toBe('b3');
    last.leave();
    expect(sees(witness, client)).toBe(false);
  });
});

describe('presence states', () => {
  it('SYNC-49 are bounded in size and number, and nobody suffers for another’s', async () => {
    const server = start();
    const witness = await join(server, EDITOR);
    const large = await join(server, RUSSIAN);
    const client = large.doc.clientID;
    large.sendPresenceBytes(states({ client, clock: 1, json: stateOf(MAX_STATE_BYTES) }));
    await until(() => sees(witness, client), 'the largest is seen');
    // A provider says again what it heard, which is larger than what was sent: the server has stamped it.
    witness.sendPresence([client]);
    expect(witness.closed).toBeNull();
    large.sendPresenceBytes(states({ client, clock: 2, json: stateOf(MAX_STATE_BYTES + 1) }));
    expect(large.closed).toEqual({ code: 4413, reason: 'too-large' });
    expect(sees(witness, client)).toBe(false);

    const many = await join(server, KYRGYZ);
    const entries = Array.from({ length: MAX_STATES * 3 }, (_, index) => ({ client: index + 1, clock: 1, json: '{}' }));
    many.sendPresenceBytes(states(...entries));
    await until(() => witness.awareness.getStates().size > 1, 'some are seen');
    await quiet();
    expect(witness.awareness.getStates().size).toBe(1 + MAX_STATES);
    expect(many.closed).toBeNull();
    // And no more client ids became theirs than they may use.
    const other = await join(server, RUSSIAN);
    other.sendPresenceBytes(states({ client: MAX_STATES + 1, clock: 1, json: '{}' }));
    await until(() => sees(witness, MAX_STATES + 1), 'somebody else uses one');
  });

  it('SYNC-25 of others that a client invents are ignored unread', async () => {
    const server = start();
    const witness = await join(server, EDITOR);
    const honest = await join(server, RUSSIAN);
    honest.sendPresence();
    const { clientID } = honest.doc;
    await until(() => sees(witness, clientID), 'the honest one is seen');
    const before = witness.awareness.getStates().get(clientID);
    const liar = await join(server, KYRGYZ);
    liar.sendPresenceBytes(states({ client: clientID, clock: 2 ** 40, json: 'no JSON at all' }));
    liar.sendPresenceBytes(states({ client: clientID, clock: 2 ** 41, json: 'null' }));
    await quiet();
    expect(witness.awareness.getStates().get(clientID)).toEqual(before);
    expect(liar.closed).toBeNull();
  });
});
