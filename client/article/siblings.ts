// The other tabs of this person with the same article: they share its local database. When one of them has to leave it (a
// refusal, another history), all do, and each sees to its own words; words of tabs that are closed are seen to by one of them.
// It knows a channel of messages and nothing of documents.
import type { ErrorCode } from '../../shared/protocol/errors.ts';

/** How long the other tabs have to say that they are there. */
const ANSWER_MS = 200;

/** Reaches the other tabs, never oneself. */
export interface Channel {
  post(message: unknown): void;
  listen(listener: (message: unknown) => void): void;
  close(): void;
}

export function tabChannel(name: string): Channel {
  const channel = new BroadcastChannel(name);
  return {
    post: (message) => channel.postMessage(message),
    listen(listener) {
      channel.onmessage = ({ data }) => listener(data);
    },
    close: () => channel.close(),
  };
}

type Message =
  | { kind: 'left'; tab: string; database: string; reason: ErrorCode }
  | { kind: 'here'; tab: string; to: string; database: string; clientIds: number[]; leaving: boolean };

/** How a tab stands to a database. */
export interface Holding {
  /** Whose words this tab sees to. */
  clientIds: ReadonlySet<number>;
  /** It has left the database already, and its words are on their way. */
  leaving: boolean;
}

export interface SiblingsOptions {
  channel: Channel;
  tab: string;
  /** Null if this tab has nothing to do with that database. */
  holding(database: string): Holding | null;
  /** Another tab has left the database that this one uses. */
  onLeft(reason: ErrorCode): void;
  later(work: () => void, ms: number): void;
}

export interface Claim {
  /** Client ids whose words other tabs see to. */
  others: ReadonlySet<number>;
  /** The words of closed tabs are for this one. */
  first: boolean;
}

export interface Siblings {
  /** Tells the others that this tab leaves the database; resolves when they have had time to answer. */
  leave(database: string, reason: ErrorCode): Promise<Claim>;
  close(): void;
}

export function joinSiblings({ channel, tab, holding, onLeft, later }: SiblingsOptions): Siblings {
  let heard = (_answer: Extract<Message, { kind: 'here' }>): void => {};
  /** Somebody else left first, and takes the words of closed tabs along. */
  let followed = false;

  channel.listen((data) => {
    const message = data as Message; // nobody else knows the channel: pages of other origins cannot
    if (message.kind === 'here') {
      if (message.to === tab) heard(message);
      return;
    }
    const { database, reason } = message;
    const mine = holding(database);
    if (!mine) return;
    const { leaving } = mine;
    const clientIds = [...mine.clientIds];
    channel.post({ kind: 'here', tab, to: message.tab, database, clientIds, leaving } satisfies Message);
    if (leaving) return;
    followed = true;
    onLeft(reason);
  });

  return {
    leave(database, reason) {
      const others = new Set<number>();
      let first = !followed;
      heard = (answer) => {
        if (answer.database !== database) return;
        for (const id of answer.clientIds) others.add(id);
        // Two that leave at the same moment must not both think that they are the first.
        if (answer.leaving && answer.tab < tab) first = false;
      };
      channel.post({ kind: 'left', tab, database, reason } satisfies Message);
      return new Promise((resolve) => later(() => resolve({ others, first }), ANSWER_MS));
    },
    close: () => channel.close(),
  };
}
