// What of a room's document is not committed yet: changes in order, with whose they are, and outcomes of commands. It makes
// rows of the log of them, and one update for everybody. It knows neither the document nor who is connected.
import * as Y from 'yjs';
import type { CommandRecord, LogEntry } from '../storage/types.ts';
import type { CommittedUpdate, Member } from './audience.ts';

/** One change of the document, as Yjs told it. */
export interface Change {
  personId: string | null;
  sender: Member | null;
  at: number;
  update: Uint8Array;
  clients: readonly number[];
}

/** What is taken for one commit. `update`: null if it holds outcomes of commands only. */
export interface TakenChanges {
  entries: LogEntry[];
  commands: CommandRecord[];
  bytes: number;
  update: CommittedUpdate | null;
}

export class Uncommitted {
  readonly #articleId: string;
  #changes: Change[] = [];
  #commands: CommandRecord[] = [];
  #bytes = 0;
  #underWay: Uint8Array | null = null;

  constructor(articleId: string) {
    this.#articleId = articleId;
  }

  add(change: Change): void {
    this.#changes.push(change);
    this.#bytes += change.update.length;
  }

  addCommand(command: Omit<CommandRecord, 'articleId'>): void {
    this.#commands.push({ ...command, articleId: this.#articleId });
  }

  take(): TakenChanges {
    const entries = rowsOf(this.#articleId, this.#changes);
    const update = forEverybody(this.#changes, entries);
    const taken = { entries, commands: this.#commands, bytes: this.#bytes, update };
    this.#underWay = update?.bytes ?? null;
    this.#changes = [];
    this.#commands = [];
    this.#bytes = 0;
    return taken;
  }

  /** Forgets everything. Answers with the bytes that had not been taken. */
  drop(): number {
    const bytes = this.#bytes;
    this.#changes = [];
    this.#commands = [];
    this.#bytes = 0;
    this.#underWay = null;
    return bytes;
  }

  /** What was taken last is committed. */
  committed(): void {
    this.#underWay = null;
  }

  /** The first clock, per client id, that is not committed. */
  firstClocks(): Map<number, number> {
    const first = new Map<number, number>();
    const updates = this.#changes.map((change) => change.update);
    if (this.#underWay) updates.unshift(this.#underWay);
    for (const update of updates) {
      for (const [client, clock] of Y.parseUpdateMeta(update).from) if (!first.has(client)) first.set(client, clock);
    }
    return first;
  }
}

/** Consecutive changes of one person become one row. */
function rowsOf(articleId: string, changes: readonly Change[]): LogEntry[] {
  const rows: LogEntry[] = [];
  for (let start = 0; start < changes.length; ) {
    const { personId, at } = changes[start]!;
    let end = start + 1;
    while (end < changes.length && changes[end]!.personId === personId) end += 1;
    const run = changes.slice(start, end);
    const update = merge(run.map((one) => one.update));
    rows.push({ articleId, personId, at, update, clients: run.flatMap((one) => one.clients) });
    start = end;
  }
  return rows;
}

function forEverybody(changes: readonly Change[], rows: readonly LogEntry[]): CommittedUpdate | null {
  if (changes.length === 0) return null;
  const { sender } = changes[0]!;
  return {
    bytes: merge(rows.map((row) => row.update)),
    soleSender: changes.every((one) => one.sender === sender) ? sender : null,
  };
}

function merge(updates: readonly Uint8Array[]): Uint8Array {
  return updates.length === 1 ? updates[0]! : Y.mergeUpdates([...updates]);
}
