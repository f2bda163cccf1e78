// What a command's handler is given and what it must provide. Handlers know the document and this context; they know nothing
// of sockets, HTTP or how a room stores what they change.
import type * as Y from 'yjs';
import type { Standing } from '../../shared/access/roles.ts';
import type { Author } from '../../shared/annotation/types.ts';
import type { CommandEnvelope, CommandPayload, CommandResult, CommandType } from '../../shared/protocol/commands.ts';
import type { Notification, Person } from '../../shared/protocol/rest.ts';
import type { Storage } from '../storage/types.ts';
import type { Room, Rooms } from '../sync/types.ts';
import type { NewArticleInput } from './creation.ts';

/** What commands ask of the rooms, here and in all processes. */
export type CommandRooms = Pick<Rooms, 'use' | 'rightsChanged' | 'drop'>;

/** What commands ask of the rest of the server, handed in by app.ts. */
export interface CommandDependencies {
  rooms: CommandRooms;
  storage: Storage;
  now(): number;
  /** Tells a person, if connected, of a notification that is already stored. */
  notify(personId: string, notification: Notification): void;
  /** A snapshot was taken (socket.io `snapshots.changed`). */
  snapshotsChanged(articleId: string): void;
  /** A snapshot was restored (socket.io `article.restored`). */
  articleRestored(articleId: string): void;
  /** An article was removed (socket.io `desk.removed`). */
  articleRemoved(articleId: string): void;
  /** Something that follows a command (a notification) failed; the command itself stands. */
  failed(error: unknown, what: string): void;
}

/** Everything that changes articles, as HTTP, socket.io and the command line use it. */
export interface Commands {
  /**
   * Validates, authorises and carries out one command. Resolves once it is committed; the same envelope id again gets the
   * first answer. Throws KopuroError.
   */
  run(envelope: CommandEnvelope, person: Pick<Person, 'id'>): Promise<CommandResult<CommandType>>;
  /**
   * Creates an article with its initial content. `created` is false if this person made it before under the same id. Where
   * `stillWanted` says no before the answer, no article is left behind and the promise rejects.
   */
  createArticle(
    input: NewArticleInput,
    person: Pick<Person, 'id'>,
    stillWanted?: () => boolean,
  ): Promise<{ id: string; created: boolean }>;
  removeArticle(articleId: string, person: Pick<Person, 'id'>): Promise<void>;
  /** What the person may do in the article now; throws `not-signed-in` if removed, `article-not-found`. */
  standingIn(articleId: string, person: Pick<Person, 'id'>): Promise<Standing>;
}

export interface CommandContext {
  readonly articleId: string;
  readonly room: Room;
  readonly doc: Y.Doc;
  /** Who asks, as the server knows them now. */
  readonly person: Person;
  readonly standing: Standing;
  readonly author: Author;
  readonly at: number;
  readonly storage: Storage;
  readonly rooms: CommandRooms;
  newId(): string;
  /** Something to do once the command is committed; its failure is reported, not thrown. */
  afterwards(what: string, work: () => Promise<void> | void): void;
  readonly events: Pick<CommandDependencies, 'notify' | 'snapshotsChanged' | 'articleRestored'>;
}

/** Carries a command out inside the room's transaction. Throws, if it must, before it touches the document. */
export type Apply<T extends CommandType> = (context: CommandContext, payload: CommandPayload<T>) => CommandResult<T>;

/** One command's handler. `prepare` is for what must be read or stored first; it answers with what is then applied. */
export type Handler<T extends CommandType> = {
  /** Throws `not-allowed` unless this person may do this. Called before everything else, and again in the transaction. */
  authorise(context: CommandContext, payload: CommandPayload<T>): void;
} & (
  | { apply: Apply<T>; prepare?: undefined }
  | { prepare(context: CommandContext, payload: CommandPayload<T>): Promise<Apply<T>>; apply?: undefined }
);
