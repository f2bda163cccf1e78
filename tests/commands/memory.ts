// A newsroom in memory for tests of commands and reactions: real Y.Docs behind the Room interface, maps for storage. What it
// leaves out (sockets, disk) is tested with the real ones in tests/sync and tests/storage.
import * as Y from 'yjs';
import { createCommands } from '../../server/commands/dispatch.ts';
import type { Commands } from '../../server/commands/types.ts';
import type { CommandRecord, Storage } from '../../server/storage/types.ts';
import type { ChangeOrigin, Reaction, Room, Rooms } from '../../server/sync/types.ts';
import type { Role, Standing } from '../../shared/access/roles.ts';
import { readAnnotation } from '../../shared/annotation/read.ts';
import type { Annotation } from '../../shared/annotation/types.ts';
import { type Block, blockText, findBlockElement, makeBlock, readBlock } from '../../shared/article/blocks.ts';
import type { CommandInput, CommandResult, CommandType } from '../../shared/protocol/commands.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import type { ArticleSummary, Notification, Person, SnapshotInfo } from '../../shared/protocol/rest.ts';

export interface MemoryStorage extends Storage {
  readonly commandRecords: Map<string, CommandRecord>;
  readonly snapshotStates: Map<string, { info: SnapshotInfo; state: Uint8Array }>;
  readonly notified: Map<string, Notification[]>;
  readonly updates: Map<string, Uint8Array[]>;
  /** Of open rooms: snapshots are of them. */
  readonly documents: Map<string, Y.Doc>;
}

function notHere(): never {
  throw new Error('not part of the memory storage');
}

export function memoryStorage(): MemoryStorage {
  const people = new Map<string, Person>();
  const summaries = new Map<string, ArticleSummary>();
  const updates = new Map<string, Uint8Array[]>();
  const standings = new Map<string, Standing>();
  const commandRecords = new Map<string, CommandRecord>();
  const snapshotStates = new Map<string, { info: SnapshotInfo; state: Uint8Array }>();
  const notified = new Map<string, Notification[]>();
  const documents = new Map<string, Y.Doc>();
  return {
    documents,
    commandRecords,
    snapshotStates,
    notified,
    updates,
    lineage: null,
    log: {
      append: async (entries, commands = []) => {
        for (const { articleId, update } of entries) updates.get(articleId)?.push(update);
        for (const record of commands) commandRecords.set(record.id, record);
        return { heads: new Map(), refused: new Map() };
      },
      load: notHere,
      rowInfos: notHere,
      rowsAfter: notHere,
      heads: notHere,
      exclusively: notHere,
      findCommand: async (id) => commandRecords.get(id) ?? null,
      recordLeases: notHere,
      clientIds: notHere,
    },
    time: notHere,
    archive: {
      compact: notHere,
      history: notHere,
      documentAt: notHere,
      verify: notHere,
      mend: notHere,
      replaceHistory: notHere,
    },
    articles: {
      create: async (article) => {
        if (summaries.has(article.id)) return false;
        summaries.set(article.id, article.summary);
        updates.set(article.id, [article.update]);
        return true;
      },
      summary: async (id) => summaries.get(id) ?? null,
      page: notHere,
      languages: notHere,
      ids: async () => [...summaries.keys()],
      saveSummaries: async (given) => {
        const known = given.filter(({ id }) => summaries.has(id));
        for (const summary of known) summaries.set(summary.id, summary);
        return new Set(known.map(({ id }) => id));
      },
      epoch: async () => 1,
      setEpoch: notHere,
      remove: async (id) => {
        summaries.delete(id);
        updates.delete(id);
      },
      standing: async (articleId, personId) => standings.get(`${articleId}/${personId}`) ?? null,
      standings: notHere,
      setStanding: async (articleId, personId, standing) => {
        if (standing) standings.set(`${articleId}/${personId}`, standing);
        else standings.delete(`${articleId}/${personId}`);
      },
    },
    snapshots: {
      take: async (snapshot) => {
        const info = { ...snapshot, words: 0 };
        snapshotStates.set(info.id, { info, state: Y.encodeStateAsUpdate(documents.get(info.articleId)!) });
        return info;
      },
      list: async (articleId) =>
        [...snapshotStates.values()]
          .map(({ info }) => info)
          .filter((info) => info.articleId === articleId)
          .reverse(),
      load: async (articleId, id) => {
        const stored = snapshotStates.get(id);
        return stored?.info.articleId === articleId ? stored : null;
      },
    },
    people: {
      create: async (person) => {
        people.set(person.id, { ...person, lastSeenAt: null, removedAt: null });
      },
      find: async (id) => people.get(id) ?? null,
      list: async () => [...people.values()],
      editors: async () =>
        [...people.values()].filter(({ role, removedAt }) => role === 'editor' && removedAt === null),
      names: async (ids) => new Map(ids.flatMap((id) => (people.has(id) ? [[id, people.get(id)!.name]] : []))),
      change: async (id, change) => {
        const person = people.get(id);
        if (person) people.set(id, { ...person, ...change });
      },
      createSession: notHere,
      findSession: notHere,
      findRights: notHere,
      extendSession: notHere,
      endSession: notHere,
      endSessionsOf: notHere,
      createToken: notHere,
      findToken: notHere,
      touchToken: notHere,
      tokensOf: notHere,
      revokeToken: notHere,
      purge: notHere,
      createLink: notHere,
      useLink: notHere,
      createInvitation: notHere,
      findInvitation: notHere,
      useInvitation: notHere,
      invitations: notHere,
      revokeInvitation: notHere,
    },
    notifications: {
      create: async (personId, notification) => {
        notified.set(personId, [...(notified.get(personId) ?? []), notification]);
      },
      list: async (personId) => notified.get(personId) ?? [],
      markRead: notHere,
    },
    check: async () => {},
    requireHope: async () => {},
    alone: (_name, work) => work(),
    backup: notHere,
    close: async () => {},
  };
}

export interface MemoryRooms extends Rooms {
  /** The room, opened if it was not. */
  open(articleId: string): Room;
  readonly rightsChangedFor: string[];
}

/** Rooms without disk or sockets. Reactions run as in the real one: once after each change, their own changes excepted. */
export function memoryRooms(storage: MemoryStorage, reactions: readonly Reaction[], now: () => number): MemoryRooms {
  const rooms = new Map<string, Room>();
  const rightsChangedFor: string[] = [];

  function open(articleId: string): Room {
    const existing = rooms.get(articleId);
    if (existing) return existing;
    const updates = storage.updates.get(articleId);
    if (!updates) throw new KopuroError('article-not-found');
    const doc = new Y.Doc();
    doc.transact(
      () => {
        for (const update of updates) Y.applyUpdate(doc, update);
      },
      { personId: null, via: 'load' } satisfies ChangeOrigin,
    );
    const room: Room = {
      articleId,
      epoch: 1,
      doc,
      async transact(by, change, command) {
        const origin: ChangeOrigin = { personId: by?.id ?? null, via: command ? 'command' : 'reaction' };
        const value = doc.transact(() => change(doc), origin);
        if (command) {
          const { id, personId } = command;
          const result = JSON.stringify(command.result(value));
          storage.commandRecords.set(id, { id, personId, articleId, at: now(), result });
        }
        await Promise.resolve();
        return value;
      },
      shared: false,
      exclusively: (work) => work(),
      committed: async () => {},
      lastRow: 0,
      waitFor: async (stateVector) => {
        const known = Y.decodeStateVector(Y.encodeStateVector(doc));
        for (const [client, clock] of Y.decodeStateVector(stateVector)) {
          if ((known.get(client) ?? 0) < clock) throw new KopuroError('behind-client');
        }
      },
      present: () => [],
    };
    doc.on('afterTransaction', (transaction: Y.Transaction) => {
      const via = (transaction.origin as ChangeOrigin | null)?.via;
      if (via !== 'sync' && via !== 'command') return; // Yjs has transactions of its own, without an origin
      for (const reaction of reactions) {
        reaction(room, transaction, (work) =>
          doc.transact(() => work(doc), { personId: null, via: 'reaction' } satisfies ChangeOrigin),
        );
      }
    });
    rooms.set(articleId, room);
    storage.documents.set(articleId, doc);
    return room;
  }

  return {
    open,
    rightsChangedFor,
    use: async (articleId, use) => use(open(articleId)),
    live: async (articleId) => rooms.get(articleId) ?? null,
    rightsChanged: async (personId) => {
      rightsChangedFor.push(personId);
    },
    drop: async (articleId) => {
      rooms.get(articleId)?.doc.destroy();
      rooms.delete(articleId);
    },
    lookAgain: async () => {},
    startOver: () => {},
    stats: () => ({
      rooms: rooms.size,
      documents: rooms.size,
      connections: 0,
      slowReaders: 0,
      pendingBytes: 0,
      storing: true,
    }),
    close: async () => {},
  };
}

/** Somebody's editor: a Y.Doc of its own whose edits go to the room and back like those of a real client. */
export interface Editor {
  readonly doc: Y.Doc;
  /** Sends what was written here and takes what others wrote. */
  sync(): void;
  text(language: string, blockId: string): Y.XmlText;
}

export interface Newsroom {
  storage: MemoryStorage;
  rooms: MemoryRooms;
  commands: Commands;
  articleId: string;
  room: Room;
  people: Record<'editor' | 'ru' | 'ky' | 'checker' | 'reader', Person>;
  /** The clock; tests may set it. */
  clock: { now: number };
  events: { notified: [string, Notification][]; snapshots: string[]; restored: string[]; removed: string[] };
  failures: unknown[];
  send<T extends CommandType>(
    person: Pick<Person, 'id'>,
    type: T,
    payload: CommandInput<T>,
    id?: string,
  ): Promise<CommandResult<T>>;
  annotation(id: string): Annotation;
  /** The words of a block, or null if there is no such block. */
  words(language: string, blockId: string): string | null;
  block(language: string, blockId: string): Block | null;
  join(person: Pick<Person, 'id'>): Editor;
}

export const SAMPLE_BLOCKS: Block[] = [
  makeBlock('title', 'The parliament has ratifies the agreement', { kind: 'heading', level: 1 }),
  makeBlock('lead', [
    { text: 'The office of liaison will be ' },
    { text: 'transfered', bold: true },
    { text: ' to Bishkek in the nearest time, said the ministry.' },
  ]),
  makeBlock('body', 'The agreement was signed in May. The agreement has to be valid for five years.'),
  makeBlock('quote', 'We are very glad about this fact.', { kind: 'quote' }),
];

export const RUSSIAN_BLOCKS: Block[] = [
  makeBlock('title', 'Парламент ратифицировал соглашение', { kind: 'heading', level: 1 }),
  makeBlock('lead', 'Бюро по связям вскоре переедет в Бишкек.'),
  makeBlock('body', ''),
];

/** A newsroom of five with one article in English, half of it in Russian, nothing in Kyrgyz. */
export async function newsroom(
  reactionsFor?: (storage: Storage, now: () => number) => readonly Reaction[],
): Promise<Newsroom> {
  const storage = memoryStorage();
  const clock = { now: 1_700_000_000_000 };
  const now = () => clock.now;
  const rooms = memoryRooms(storage, reactionsFor?.(storage, now) ?? [], now);
  const failures: unknown[] = [];
  const events: Newsroom['events'] = { notified: [], snapshots: [], restored: [], removed: [] };
  const commands = createCommands({
    rooms,
    storage,
    now,
    notify: (personId, notification) => events.notified.push([personId, notification]),
    snapshotsChanged: (id) => events.snapshots.push(id),
    articleRestored: (id) => events.restored.push(id),
    articleRemoved: (id) => events.removed.push(id),
    failed: (error) => failures.push(error),
  });
  const person = async (id: string, name: string, role: Role, languages: string[] = []): Promise<Person> => {
    await storage.people.create({ id, name, role, languages, color: '#000000', createdAt: 1 });
    return (await storage.people.find(id))!;
  };
  const people = {
    editor: await person('editor', 'Elena', 'editor'),
    ru: await person('ru', 'Roman', 'translator', ['ru']),
    ky: await person('ky', 'Aigul', 'translator', ['ky', 'en']),
    checker: await person('checker', 'Farid', 'fact-checker'),
    reader: await person('reader', 'Rita', 'reader'),
  };
  const { id: articleId } = await commands.createArticle(
    {
      title: 'The agreement',
      sourceLanguage: 'en',
      targetLanguages: ['ru', 'ky'],
      deadline: null,
      blocks: SAMPLE_BLOCKS,
      targets: { ru: RUSSIAN_BLOCKS },
    },
    people.editor,
  );
  const room = rooms.open(articleId);
  let sent = 0;
  return {
    storage,
    rooms,
    commands,
    articleId,
    room,
    people,
    clock,
    events,
    failures,
    async send(person, type, payload, id = `command-${++sent}`) {
      return (await commands.run({ id, articleId, type, payload }, person)) as never;
    },
    annotation(id) {
      const annotation = readAnnotation(room.doc, id);
      if (!annotation) throw new Error(`no annotation ${id}`);
      return annotation;
    },
    block(language, blockId) {
      const element = findBlockElement(room.doc, language, blockId);
      return element && readBlock(element);
    },
    words(language, blockId) {
      const element = findBlockElement(room.doc, language, blockId);
      return element && blockText(readBlock(element));
    },
    join: (who) => joinRoom(room, who),
  };
}

export function joinRoom(room: Room, person: Pick<Person, 'id'>): Editor {
  const doc = new Y.Doc();
  const sync = () => {
    const mine = Y.encodeStateAsUpdate(doc, Y.encodeStateVector(room.doc));
    const origin: ChangeOrigin = { personId: person.id, via: 'sync' };
    Y.applyUpdate(room.doc, mine, origin);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(room.doc, Y.encodeStateVector(doc)), 'server');
  };
  sync();
  return {
    doc,
    sync,
    text(language, blockId) {
      const element = findBlockElement(doc, language, blockId);
      const text = element?.toArray()[0];
      if (!(text instanceof Y.XmlText)) throw new Error(`no text ${language}/${blockId}`);
      return text;
    },
  };
}

/** The code of the error that a promise is refused with; fails if it is not refused by one of ours. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof KopuroError) return error.code;
    throw error;
  }
  return 'accepted';
}
