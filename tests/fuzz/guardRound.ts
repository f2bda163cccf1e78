// One round of the guard's fuzz: a server, people with several clients each, and everything that can happen between them. Every
// update is judged; what the guard says is held against what Yjs says the update does.
import * as Y from 'yjs';
import { judgeUpdate } from '../../server/sync/guard/guard.ts';
import { RootNames } from '../../server/sync/guard/store.ts';
import type { Verdict } from '../../server/sync/guard/verdict.ts';
import { decodeUpdate, type Id } from '../../server/updates/decode.ts';
import { edit, ROOT_NAMES, type RootName, rootOf } from './editing.ts';
import { damage, forge } from './forging.ts';
import { type Random, randomness } from './random.ts';
import { applyAndWatch, applyRow, fingerprints, layouts } from './truth.ts';

const STEPS = 90;
const FIRST_CLIENT = 1_000;
const PEOPLE: readonly { id: string; writable: readonly RootName[]; clients: number }[] = [
  { id: 'ann', writable: ['text/ru', 'facts'], clients: 2 },
  { id: 'ben', writable: ['text/ky', 'text/en', 'words'], clients: 1 },
  { id: 'eva', writable: ROOT_NAMES, clients: 2 },
  { id: 'rob', writable: [], clients: 1 },
];
type Who = (typeof PEOPLE)[number];

export interface Counts {
  /** Updates judged, by where they came from. */
  honest: number;
  broken: number;
  forged: number;
  /** Of the honest ones. */
  accepted: number;
  nothing: number;
  behind: number;
  refused: number;
  /** Honest updates that were refused or asked about although the document could have taken them. */
  overReports: number;
  /** Of the broken and forged ones. */
  hostileAccepted: number;
  /** Messages of over-reports, for whoever looks into them. */
  complaints: string[];
}

export const NO_COUNTS: Readonly<Counts> = {
  honest: 0,
  broken: 0,
  forged: 0,
  accepted: 0,
  nothing: 0,
  behind: 0,
  refused: 0,
  overReports: 0,
  hostileAccepted: 0,
  complaints: [],
};

export function addCounts(one: Readonly<Counts>, other: Readonly<Counts>): Counts {
  const sum = { ...one, complaints: [...one.complaints, ...other.complaints].slice(0, 20) };
  for (const key of Object.keys(NO_COUNTS) as (keyof Counts)[]) {
    if (key !== 'complaints') sum[key] = one[key] + other[key];
  }
  return sum;
}

/** Throws where the guard was wrong. */
export function playRound(seed: number): Counts {
  return new Round(randomness(seed)).play();
}

interface Client {
  readonly who: Who;
  doc: Y.Doc;
  outbox: Uint8Array[];
  sent: Uint8Array[];
  undo: Y.UndoManager | null;
}

type Source = 'honest' | 'broken' | 'forged';

class Round {
  readonly #random: Random;
  /** Whether there are attackers. */
  readonly #isRough: boolean;
  readonly #server = new Y.Doc();
  /** The log, read into another document as it grows. */
  readonly #replica = new Y.Doc();
  readonly #rows: Uint8Array[] = [];
  readonly #roots: RootNames;
  readonly #owners = new Map<number, string>();
  readonly #clients: Client[];
  /** The attackers' own client ids, by person. */
  readonly #hands = new Map<string, number>();
  #nextClient = FIRST_CLIENT;
  #fingerprints: Map<string, string>;
  readonly #counts: Counts = { ...NO_COUNTS, complaints: [] };

  constructor(random: Random) {
    this.#random = random;
    this.#isRough = random.chance(0.5);
    for (const name of ROOT_NAMES) {
      rootOf(this.#server, name);
      rootOf(this.#replica, name);
    }
    this.#server.on('update', (update: Uint8Array) => this.#rows.push(update));
    Y.applyUpdate(this.#server, firstContent(random));
    for (const row of this.#rows) applyRow(this.#replica, row);
    this.#roots = new RootNames(this.#server);
    this.#fingerprints = fingerprints(this.#server);
    this.#clients = PEOPLE.flatMap((who) =>
      Array.from({ length: who.clients }, () => {
        const client: Client = { who, doc: new Y.Doc(), outbox: [], sent: [], undo: null };
        this.#startAnew(client);
        return client;
      }),
    );
  }

  play(): Counts {
    const random = this.#random;
    for (let step = 0; step < STEPS; step += 1) {
      const client = random.pick(this.#clients);
      this.#change(client);
      if (random.chance(0.25)) this.#receive(client);
      if (random.chance(0.5)) this.#send(client);
      if (this.#isRough && random.chance(0.5)) this.#attack();
    }
    this.#compareCopies();
    return this.#counts;
  }

  #change({ who, doc, undo }: Client): void {
    const random = this.#random;
    for (let times = 1 + random.below(3); times > 0; times -= 1) {
      if (random.chance(0.03))
        edit(doc, random.pick(ROOT_NAMES), random); // where they may not
      else if (undo && random.chance(0.15)) undo.undo();
      else if (undo && random.chance(0.08)) undo.redo();
      else if (who.writable.length > 0) edit(doc, random.pick(who.writable), random);
    }
  }

  #receive({ doc }: Client): void {
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.#server, Y.encodeStateVector(doc)), 'server');
  }

  #send(client: Client): void {
    const random = this.#random;
    const { doc, who } = client;
    const updates = client.outbox.splice(0);
    client.sent.push(...updates);
    if (this.#isRough && updates.length > 0 && random.chance(0.3)) {
      const whole = Y.mergeUpdates(updates);
      for (let times = 0; times < 4; times += 1) {
        if (this.#offer(damage(whole, random), who, 'broken') !== 'accept') continue;
        this.#startAnew(client); // what it sends next would contradict what was taken under its id
        return;
      }
    }
    if (updates.length > 0 && random.chance(0.05)) this.#offer(Y.mergeUpdates(updates), random.pick(PEOPLE), 'honest');
    const messages = this.#pack(client, updates);
    for (const message of messages) {
      if (this.#offer(message, who, 'honest') === 'refuse') {
        this.#startAnew(client);
        return;
      }
    }
    // What the server asked for, and has not got otherwise.
    const rest = Y.encodeStateAsUpdate(doc, Y.encodeStateVector(this.#server));
    const verdict = this.#offer(rest, who, 'honest');
    if (verdict === 'refuse' || verdict === 'behind') this.#startAnew(client);
  }

  /** The ways in which a client's changes come. */
  #pack({ doc, sent }: Client, updates: readonly Uint8Array[]): Uint8Array[] {
    const random = this.#random;
    if (updates.length === 0) return random.chance(0.3) ? [Y.encodeStateAsUpdate(doc)] : [];
    switch (random.below(7)) {
      case 0:
      case 1:
        return [...updates];
      case 2:
        return [Y.mergeUpdates([...updates])];
      case 3:
        return [...updates, random.pick(updates)];
      case 4:
        return random.shuffle(updates);
      case 5:
        return [Y.encodeStateAsUpdate(doc)];
      default:
        return [Y.mergeUpdates(random.shuffle([...sent.slice(-3), ...updates]))];
    }
  }

  #attack(): void {
    const random = this.#random;
    const who = random.pick(PEOPLE);
    const hand = this.#hands.get(who.id) ?? this.#nextClient++;
    this.#hands.set(who.id, hand);
    const roots = random.chance(0.9) && who.writable.length > 0 ? who.writable : ROOT_NAMES;
    for (let times = 0; times < 4; times += 1) {
      this.#offer(forge(this.#server, hand, random.chance(0.8) ? [random.pick(roots)] : roots, random), who, 'forged');
    }
  }

  /** As after a refusal: everything from the server, under a new client id. */
  #startAnew(client: Client): void {
    const { who } = client;
    client.undo?.destroy();
    const doc = new Y.Doc({ gc: this.#random.chance(0.7) });
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.#server), 'server');
    doc.clientID = this.#nextClient;
    this.#nextClient += 1;
    client.doc = doc;
    client.outbox = [];
    client.sent = [];
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'server') client.outbox.push(update);
    });
    const scope = who.writable.map((name) => rootOf(doc, name));
    client.undo = scope.length === 0 ? null : new Y.UndoManager(scope, { captureTimeout: 0 });
  }

  #offer(update: Uint8Array, who: Who, source: Source): Verdict['kind'] {
    this.#counts[source] += 1;
    if (source === 'honest') compareDecoders(update);
    const asked = new Set<string>();
    const before = Y.encodeStateVector(this.#server);
    const verdict = judgeUpdate(update, {
      doc: this.#server,
      roots: this.#roots,
      personId: who.id,
      ownerOf: (client) => this.#owners.get(client),
      access: (root) => {
        asked.add(root);
        if ((who.writable as readonly string[]).includes(root)) return 'yes';
        return (ROOT_NAMES as readonly string[]).includes(root) ? 'forbidden' : 'unknown';
      },
      mayWriteSomething: who.writable.length > 0,
    });
    if (!isEqual(Y.encodeStateVector(this.#server), before)) throw new Error('judging changed the document');
    switch (verdict.kind) {
      case 'accept':
        this.#accept(verdict, who, asked, source);
        break;
      case 'nothing':
        if (source !== 'honest') break; // nothing of it is applied; on a copy Yjs might trip over what it repeats wrongly
        this.#checkNothing(update, who);
        this.#counts.nothing += 1;
        break;
      case 'behind':
      case 'refuse':
        if (source === 'honest') this.#checkRefusal(update, who, verdict);
    }
    return verdict.kind;
  }

  #accept(verdict: Verdict & { kind: 'accept' }, who: Who, asked: ReadonlySet<string>, source: Source): void {
    if (source === 'honest') this.#counts.accepted += 1;
    else {
      this.#counts.hostileAccepted += 1;
      compareDecoders(verdict.update);
    }
    for (const client of verdict.newClients) this.#owners.set(client, who.id);
    const row = this.#rows.length;
    const { roots, clients } = applyAndWatch(this.#server, verdict.update);
    if (this.#server.store.pendingStructs || this.#server.store.pendingDs) throw new Error('not integrated wholly');
    for (const root of roots) {
      if (!asked.has(root)) throw new Error(`the guard missed that ${root} is written`);
      if (!(who.writable as readonly string[]).includes(root)) throw new Error(`${who.id} wrote in ${root}`);
    }
    for (const client of clients) {
      if (this.#owners.get(client) !== who.id) throw new Error(`${who.id} wrote as client ${client}`);
    }
    const now = fingerprints(this.#server);
    for (const [root, fingerprint] of now) {
      if (fingerprint !== this.#fingerprints.get(root) && !roots.has(root)) throw new Error(`${root} changed unseen`);
    }
    this.#fingerprints = now;
    for (const bytes of this.#rows.slice(row)) applyRow(this.#replica, bytes);
    demandSame(now, fingerprints(this.#replica), 'the log, row by row');
    if (!isEqual(Y.encodeStateVector(this.#replica), Y.encodeStateVector(this.#server))) {
      throw new Error('the log has another state vector');
    }
  }

  /** `nothing` was said: so nothing would have happened, but tidying where this person may not write. */
  #checkNothing(update: Uint8Array, who: Who): void {
    if (update.length === 2) return;
    const copy = this.#copy();
    const { roots, clients, onlyTidied } = applyAndWatch(copy, update);
    const writable = [...roots].filter((root) => (who.writable as readonly string[]).includes(root));
    if (!onlyTidied || writable.length > 0 || clients.size > 0) throw new Error('the guard overlooked a change');
  }

  #checkRefusal(update: Uint8Array, who: Who, verdict: Verdict & { kind: 'behind' | 'refuse' }): void {
    this.#counts[verdict.kind === 'behind' ? 'behind' : 'refused'] += 1;
    const copy = this.#copy();
    const { roots, clients } = applyAndWatch(copy, update);
    const isWhole = copy.store.pendingStructs === null && copy.store.pendingDs === null;
    const mayWrite =
      [...roots].every((root) => (who.writable as readonly string[]).includes(root)) &&
      (who.writable.length > 0 || clients.size === 0);
    const areOwn = [...clients].every((client) => (this.#owners.get(client) ?? who.id) === who.id);
    if (!isWhole || !mayWrite || !areOwn) return;
    this.#counts.overReports += 1;
    this.#counts.complaints.push(verdict.kind === 'behind' ? 'behind' : verdict.refused.message);
  }

  #copy(): Y.Doc {
    const copy = new Y.Doc();
    for (const name of ROOT_NAMES) rootOf(copy, name);
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(this.#server));
    return copy;
  }

  /** However the log is read, it is the same document: in merged rows, as one update, out of order, compacted. */
  #compareCopies(): void {
    const expected = layouts(this.#server);
    const check = (updates: readonly Uint8Array[], what: string) => {
      const copy = new Y.Doc();
      for (const name of ROOT_NAMES) rootOf(copy, name);
      for (const update of updates) applyRow(copy, update);
      if (copy.store.pendingStructs || copy.store.pendingDs) throw new Error(`${what}: not integrated wholly`);
      demandSame(expected, layouts(copy), what);
    };
    const batches: Uint8Array[] = [];
    for (let index = 0; index < this.#rows.length; ) {
      const size = 1 + this.#random.below(6);
      batches.push(Y.mergeUpdates(this.#rows.slice(index, index + size)));
      index += size;
    }
    check(batches, 'the log, merged in batches');
    check([Y.mergeUpdates(this.#rows)], 'the log, merged into one');
    check(this.#random.shuffle(this.#rows), 'the log, out of order');
    check([Y.encodeStateAsUpdate(this.#server)], 'the state');
    check([...batches, ...this.#random.shuffle(batches)], 'the log, twice');
  }
}

function firstContent(random: Random): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = FIRST_CLIENT - 1;
  for (const name of ROOT_NAMES) for (let times = 3; times > 0; times -= 1) edit(doc, name, random);
  return Y.encodeStateAsUpdate(doc);
}

/** Our decoder and Yjs's read the same. */
function compareDecoders(update: Uint8Array): void {
  const ours = decodeUpdate(update);
  const theirs = Y.decodeUpdate(update);
  const name = (id: Id | null) => (id ? `${id.client}:${id.clock}` : '-');
  const parentName = (parent: unknown) => (typeof parent === 'string' ? `"${parent}"` : name(parent as Id | null));
  const own = ours.clients.flatMap(({ structs }) =>
    structs.map(
      ({ id, length, kind, origin, rightOrigin, parent, key }) =>
        `${name(id)} ${length} ${kind} ${name(origin)} ${name(rightOrigin)} ${parentName(parent)} ${key}`,
    ),
  );
  const others = theirs.structs.map((struct) => {
    if (!(struct instanceof Y.Item)) return `${name(struct.id)} ${struct.length} gc - - - null`;
    const { id, length, content, origin, rightOrigin, parent, parentSub } = struct;
    const kind =
      content instanceof Y.ContentDeleted ? 'deleted' : content instanceof Y.ContentType ? 'type' : 'content';
    return `${name(id)} ${length} ${kind} ${name(origin)} ${name(rightOrigin)} ${parentName(parent)} ${parentSub}`;
  });
  const deletes = ours.deletes.map(({ client, clock, length }) => `${client}:${clock}+${length}`);
  const otherDeletes = [...theirs.ds.clients].flatMap(([client, ranges]) =>
    ranges.map(({ clock, len }) => `${client}:${clock}+${len}`),
  );
  if (own.join('\n') !== others.join('\n'))
    throw new Error(`structs read otherwise:\n${own.join('\n')}\n\n${others.join('\n')}`);
  if (deletes.join() !== otherDeletes.join()) throw new Error(`deletions read otherwise: ${deletes} ${otherDeletes}`);
}

function demandSame(expected: ReadonlyMap<string, string>, got: ReadonlyMap<string, string>, what: string): void {
  for (const [root, content] of expected) {
    if (got.get(root) !== content) throw new Error(`${what}: ${root} differs:\n${content}\n\n${got.get(root)}`);
  }
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
