// Two thousand who have articles open and do nothing: what each costs in memory, and what it costs to tell where they are.
import { hold, join, manyOf } from '../join.ts';
import { atMoments, pause, until } from '../pace.ts';
import type { RunScenario } from '../task.ts';
import { type RawClient, varUint } from '../wire.ts';

const FIRST_CLIENT = 1_000_000;
const WARM_UP_CONNECTIONS = 100;
const WARM_UP_MS = 1_500;
const MEASURED_MS = 4_000;

interface Idler {
  client: RawClient;
  id: number;
  room: number;
  /** How often it has moved; the clock of its presence. */
  moves: number;
  /** Of each room-mate, the last move that was heard. */
  heard: Map<number, number>;
}

export const idle: RunScenario = async (task, server) => {
  const { idle: count, rooms } = task.size;
  const presence = new PresenceReading();
  const come = async (index: number): Promise<Idler> => {
    const room = index % rooms;
    const cookie = task.readers[Math.floor(index / rooms) % task.readers.length];
    const client = await join(task, task.articles[1 + room]!, cookie);
    const idler: Idler = { client, id: FIRST_CLIENT + index, room, moves: 0, heard: new Map() };
    client.onPresence = (body) => {
      for (const { id, move } of presence.read(body)) idler.heard.set(id, move);
    };
    return idler;
  };
  const move = (idler: Idler) => {
    idler.moves += 1;
    idler.client.presence(idler.id, idler.moves, state(idler));
  };

  await manyOf(rooms, (room) => hold(task, task.articles[1 + room]!, room));
  const passing = await manyOf(WARM_UP_CONNECTIONS, (index) => come(count + index));
  for (const idler of passing) move(idler);
  await pause(300);
  for (const idler of passing) idler.client.terminate();
  await pause(300);

  const before = await server.memory();
  const idlers = await manyOf(count, come);
  for (const idler of idlers) move(idler);
  const mates = Array.from({ length: rooms }, (_, room) => idlers.filter((idler) => idler.room === room));
  const lacking = () => {
    let deliveries = 0;
    for (const room of mates) {
      for (const hearer of room) {
        for (const mate of room) if (mate !== hearer && hearer.heard.get(mate.id) !== mate.moves) deliveries += 1;
      }
    }
    return deliveries;
  };
  const heard = () =>
    until(
      () => lacking() === 0,
      () => `${lacking()} deliveries of presence are missing`,
      20,
    );
  // A relay remembers nobody's presence for those who come later.
  if (task.dialect === 'relay') await pause(500);
  else await heard();
  const after = await server.memory();

  const moveAll = (among: readonly Idler[], ms: number) => {
    // Those who move after each other are in different rooms.
    const moments = among.map((idler, index) => ({ at: (index * ms) / among.length, act: () => move(idler) }));
    return () => atMoments(moments);
  };
  // Everybody moves once before, so that behind a relay, too, everybody has heard of everybody.
  await moveAll(idlers, WARM_UP_MS * 2)();
  await heard();
  const cpu = await server.cpuDuring('presence', async () => {
    await moveAll(idlers, MEASURED_MS)();
    await heard();
  });

  const deliveries = mates.reduce((sum, room) => sum + room.length * (room.length - 1), 0);
  return {
    'idle-memory': (after.live - before.live) / count / 1024,
    'idle-rss': (after.rss - before.rss) / count / 1024,
    'presence-cpu': cpu / deliveries,
  };
};

/** What a web client says: who, where, and a number that tells one move from the other. */
function state({ id, moves }: Idler): object {
  const position = (clock: number) => ({
    type: { client: 4_711, clock: 12 },
    item: { client: 4_711, clock },
    assoc: 0,
  });
  return {
    user: { id: `person-${id}`, name: `Reader ${id}`, role: 'reader', color: '#1a7f5a' },
    cursor: { anchor: position(moves), head: position(moves + 1) },
    language: 'en',
    blockId: 'b0123456789',
    move: moves,
  };
}

/** Reads awareness messages; as many get the same one, each is worked out once. */
class PresenceReading {
  readonly #known = new Map<string, { id: number; move: number }[]>();

  read(body: Uint8Array): { id: number; move: number }[] {
    const key = (body as Buffer).toString('latin1');
    let entries = this.#known.get(key);
    if (entries === undefined) {
      if (this.#known.size > 10_000) this.#known.clear();
      entries = readEntries(body as Buffer);
      this.#known.set(key, entries);
    }
    return entries;
  }
}

function readEntries(body: Buffer): { id: number; move: number }[] {
  const entries: { id: number; move: number }[] = [];
  let { value: rest, next } = varUint(body, 0);
  for (; rest > 0; rest -= 1) {
    const client = varUint(body, next);
    const clock = varUint(body, client.next);
    const length = varUint(body, clock.next);
    next = length.next + length.value;
    const said = JSON.parse(body.toString('utf8', length.next, next)) as { move?: number } | null;
    if (said?.move !== undefined) entries.push({ id: client.value, move: said.move });
  }
  return entries;
}
