// Several equal processes as one newsroom: who of them is alive, what they tell each other, and what is done when some of it may
// have been lost. Everything it carries is news of what storage holds already, so losing it costs time and nothing else. It
// knows the bus, and rooms by the interface in server/sync/peers.ts.
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Person } from '../../shared/protocol/rest.ts';
import type { PeerPresence, Peers, RoomEars, RoomLine } from '../sync/peers.ts';
import { openBus } from './bus.ts';
import {
  decodeAboutArticle,
  decodeSaid,
  encodeAboutArticle,
  encodeSaid,
  type Notice,
  type People,
} from './messages.ts';
import { WhoIsWhere } from './whoIsWhere.ts';

/** Every process says this often that it is there; whoever has missed its last word finds out by that. */
const BEAT_MS = 300;
/** A process that does not hear itself for this long hears nobody. */
const DEAF_MS = 1_000;
/** A process that was not heard for this long is gone. */
const GONE_MS = 3_000;
/** A process that stood still for this long knows nothing any more. */
const SLEPT_MS = 5_000;
/** So long may a process neither hear the others nor ask storage before nobody should believe it any more. */
const CUT_OFF_MS = 10_000;

const ALL = 'all';
const ARTICLE = 'article:';

/** What the rest of this process does about what others say. Each may be called at any time and must not throw. */
export interface ClusterHandlers {
  rightsChanged(personId: string): void;
  dropped(articleId: string): void;
  event(to: string | null, name: string, values: unknown[]): void;
  /** People came to or left an article, in whatever process. */
  presenceChanged(articleId: string, people: Person[]): void;
  /** News was lost: everything that depends on it is asked of storage. Rejects if storage cannot be asked. */
  lookAgain(): Promise<void>;
  /** Nothing was heard for a while and now is again: whoever shows news must fetch it anew. */
  heardAgain(): void;
  /** This process stood still or was cut off, and the others have gone on without it. */
  startOver(): void;
}

export interface Cluster extends Peers {
  tell(notice: Extract<Notice, { kind: 'rights' | 'dropped' | 'event' }>): void;
  /** Processes that are there, this one included. */
  size(): number;
  start(handlers: ClusterHandlers): void;
  close(): void;
}

interface Peer {
  /** Of its notices that were heard or are known to be lost. */
  count: number;
  heardAt: number;
}

export interface ClusterParts {
  url: string;
  /** Before the names of all channels. */
  prefix: string;
  logger: Logger;
  /** A steady clock, ms. */
  monotonic?: () => number;
}

export function joinCluster({ url, prefix, logger, monotonic = () => performance.now() }: ClusterParts): Cluster {
  const id = randomBytes(9).toString('base64url');
  const peers = new Map<string, Peer>();
  const rooms = new Map<string, RoomEars>();
  const whoIsWhere = new WhoIsWhere();
  let handlers: ClusterHandlers | null = null;
  let said = 0;
  let heardSelfAt = Number.NEGATIVE_INFINITY;
  let isDeaf = true;
  let beatAt = monotonic();
  let isLooking = false;
  /** Storage could be asked, or it need not be. */
  let upToDateAt = monotonic();
  let isCutOff = false;
  let timer: NodeJS.Timeout | undefined;

  const bus = openBus({
    url,
    prefix,
    logger,
    heard(channel, message) {
      if (!handlers) return;
      if (channel === ALL) hearNotice(message);
      else if (channel.startsWith(ARTICLE)) hearOfArticle(channel.slice(ARTICLE.length), message);
    },
  });

  function say(notice: Notice): void {
    if (notice.kind !== 'beat') said += 1;
    bus.publish(ALL, encodeSaid({ from: id, count: said, notice }));
  }

  function hearNotice(message: Uint8Array): void {
    const { from, count, notice } = decodeSaid(message);
    if (from === id) {
      heardSelfAt = monotonic();
      return;
    }
    const peer = peers.get(from) ?? { count: 0, heardAt: 0 };
    if (notice.kind === 'leaves') {
      forget(from);
      return;
    }
    const isNew = !peers.has(from);
    if (isNew) peers.set(from, peer);
    peer.heardAt = monotonic();
    const expected = notice.kind === 'beat' ? peer.count : peer.count + 1;
    const missed = !isNew && count > expected;
    peer.count = Math.max(peer.count, count);
    if (isNew || missed) say({ kind: 'asks' });
    if (missed) lookAgain();
    act(from, notice);
  }

  function act(from: string, notice: Notice): void {
    switch (notice.kind) {
      case 'beat':
      case 'leaves':
        return;
      case 'asks':
        say({ kind: 'people', isWhole: true, people: whoIsWhere.of(id) });
        return;
      case 'people':
        tellPresence(whoIsWhere.take(from, notice.people, notice.isWhole));
        return;
      case 'rights':
        handlers?.rightsChanged(notice.personId);
        return;
      case 'dropped':
        handlers?.dropped(notice.articleId);
        return;
      case 'event':
        handlers?.event(notice.to, notice.name, notice.values);
        return;
    }
  }

  function hearOfArticle(articleId: string, message: Uint8Array): void {
    const ears = rooms.get(articleId);
    const { from, about } = decodeAboutArticle(message);
    if (!ears || from === id) return;
    if (about.kind === 'rows') ears.rows(about.rows);
    else if (about.kind === 'presence') ears.presence(from, about.presence);
    else {
      const presence = ears.whoIsHere();
      if (presence) bus.publish(ARTICLE + articleId, encodeAboutArticle(id, { kind: 'presence', presence }));
    }
  }

  function tellPresence(articleIds: readonly string[]): void {
    for (const articleId of articleIds) handlers?.presenceChanged(articleId, whoIsWhere.in(articleId));
  }

  function forget(process: string): void {
    if (!peers.delete(process)) return;
    for (const ears of rooms.values()) ears.gone(process);
    tellPresence(whoIsWhere.take(process, {}, true));
  }

  function lookAgain(): void {
    if (isLooking || !handlers) return;
    isLooking = true;
    handlers
      .lookAgain()
      .then(
        () => {
          upToDateAt = monotonic();
          isCutOff = false;
        },
        (error: unknown) => logger.warn({ err: error }, 'looking again failed'),
      )
      .finally(() => {
        isLooking = false;
      });
  }

  function wake(): void {
    const now = monotonic();
    if (!handlers || now - beatAt <= SLEPT_MS) return;
    beatAt = now;
    logger.warn('this process stood still; it starts over');
    handlers.startOver();
    heardSelfAt = Number.NEGATIVE_INFINITY;
  }

  function beat(): void {
    wake();
    const now = monotonic();
    beatAt = now;
    say({ kind: 'beat' });
    for (const [process, { heardAt }] of peers) if (now - heardAt > GONE_MS) forget(process);
    const wasDeaf = isDeaf;
    isDeaf = now - heardSelfAt > DEAF_MS;
    if (isDeaf || wasDeaf) lookAgain();
    else upToDateAt = now;
    leaveIfCutOff(now);
    if (wasDeaf && !isDeaf) {
      say({ kind: 'asks' });
      handlers?.heardAgain();
    }
  }

  /** Whoever is connected here is better off elsewhere: what they see may be long past, and nothing that is revoked is in force. */
  function leaveIfCutOff(now: number): void {
    if (isCutOff || now - upToDateAt <= CUT_OFF_MS) return;
    isCutOff = true;
    logger.error('neither storage nor other processes can be reached; everybody is sent away');
    handlers?.startOver();
  }

  /** Who is in the article over this process, if that has changed. */
  function noteHere(articleId: string, people: readonly Person[]): void {
    const changed = whoIsWhere.take(id, { [articleId]: people }, false);
    if (changed.length === 0) return;
    say({ kind: 'people', isWhole: false, people: { [articleId]: people } satisfies People });
    tellPresence(changed);
  }

  return {
    shared: true,
    get share() {
      return 1 / (peers.size + 1);
    },
    size: () => peers.size + 1,
    wake,

    open(articleId: string, ears: RoomEars): RoomLine {
      const channel = ARTICLE + articleId;
      rooms.set(articleId, ears);
      const tell = (about: Parameters<typeof encodeAboutArticle>[1]) => {
        bus.publish(channel, encodeAboutArticle(id, about));
      };
      bus.listen(channel).then(
        () => {
          if (rooms.get(articleId) !== ears) return;
          ears.listening();
          tell({ kind: 'question' });
        },
        (error: unknown) => logger.debug({ err: error, article: articleId }, 'nothing is heard of an article'),
      );
      return {
        tellRows: (rows) => tell({ kind: 'rows', rows }),
        tellPresence(presence: PeerPresence) {
          tell({ kind: 'presence', presence });
          if (presence.people !== null) noteHere(articleId, presence.people);
        },
        hangUp() {
          tell({ kind: 'presence', presence: { clock: 0, people: [], states: [] } });
          noteHere(articleId, []);
          if (rooms.get(articleId) !== ears) return; // the article was opened anew
          rooms.delete(articleId);
          bus.leave(channel);
        },
      };
    },

    tell: say,

    start(given) {
      handlers = given;
      bus.listen(ALL).then(
        () => say({ kind: 'asks' }),
        (error: unknown) => logger.debug({ err: error }, 'other processes are not heard'),
      );
      beatAt = monotonic();
      timer = setInterval(beat, BEAT_MS).unref();
    },

    close() {
      clearInterval(timer);
      if (handlers) say({ kind: 'leaves' });
      handlers = null;
      // What was just said leaves first.
      setImmediate(() => bus.close());
    },
  };
}
