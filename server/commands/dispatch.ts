// The way of a command: validated by its schema, answered from memory if it came before, the sender's words waited for,
// authorised, carried out in one transaction of the room, committed, answered. It knows no single command.
import { fromBase64 } from 'lib0/buffer';
import type { Standing } from '../../shared/access/roles.ts';
import { may } from '../../shared/access/roles.ts';
import { randomId } from '../../shared/article/ids.ts';
import {
  COMMAND_SCHEMAS,
  type CommandEnvelope,
  type CommandPayload,
  type CommandResult,
  type CommandType,
  commandEnvelopeSchema,
} from '../../shared/protocol/commands.ts';
import { KopuroError } from '../../shared/protocol/errors.ts';
import type { Person } from '../../shared/protocol/rest.ts';
import type { Storage } from '../storage/types.ts';
import { createArticle, removeArticle } from './articles.ts';
import { HANDLERS } from './registry.ts';
import type { CommandContext, CommandDependencies, Commands } from './types.ts';
import { parseInput } from './validation.ts';

/** How long a command waits for words that its sender has written and the server has not seen yet. */
export const WAIT_FOR_WORDS_MS = 5_000;

/** What a person may do in an article now: what the article gives, else the newsroom role. */
export async function standingIn(storage: Storage, articleId: string, person: Pick<Person, 'id'>): Promise<Standing> {
  return (await whoIs(storage, articleId, person.id)).standing;
}

export function createCommands(dependencies: CommandDependencies): Commands {
  const { rooms, storage, now } = dependencies;
  const running = new Map<string, { personId: string; articleId: string; answer: Promise<unknown> }>();

  async function run(input: CommandEnvelope, asker: Pick<Person, 'id'>): Promise<CommandResult<CommandType>> {
    const envelope = parseInput(commandEnvelopeSchema, input);
    const payload = parseInput(COMMAND_SCHEMAS[envelope.type], envelope.payload);
    const { id, articleId } = envelope;

    const same = running.get(id);
    if (same) {
      refuseForeign(same, asker.id, articleId);
      return same.answer as Promise<CommandResult<CommandType>>;
    }
    const answer = carryOut();
    running.set(id, { personId: asker.id, articleId, answer });
    try {
      return await answer;
    } finally {
      running.delete(id);
    }

    async function carriedOut(): Promise<{ result: CommandResult<CommandType> } | null> {
      const before = await storage.log.findCommand(id);
      if (!before) return null;
      refuseForeign(before, asker.id, articleId);
      return { result: JSON.parse(before.result) as CommandResult<CommandType> };
    }

    async function carryOut(): Promise<CommandResult<CommandType>> {
      const before = await carriedOut();
      if (before) return before.result;
      return rooms.use(articleId, async (room) => {
        if (envelope.stateVector !== undefined) await room.waitFor(fromBase64(envelope.stateVector), WAIT_FOR_WORDS_MS);
        const { person, standing } = await whoIs(storage, articleId, asker.id);
        const followUps: { what: string; work: () => Promise<void> | void }[] = [];
        const context: CommandContext = {
          articleId,
          room,
          doc: room.doc,
          person,
          standing,
          author: { id: person.id, name: person.name, role: standing.role },
          at: now(),
          storage,
          rooms,
          newId: randomId,
          afterwards: (what, work) => followUps.push({ what, work }),
          events: dependencies,
        };
        const result = await room.exclusively(async () => {
          // The same command may have come to another process meanwhile.
          const elsewhere = room.shared ? await carriedOut() : null;
          if (!elsewhere) return perform(envelope.type, context, payload as CommandPayload<CommandType>, id);
          return elsewhere.result;
        });
        for (const { what, work } of followUps) {
          try {
            await work();
          } catch (error) {
            dependencies.failed(error, what);
          }
        }
        return result;
      });
    }
  }

  return {
    run,
    createArticle: (input, person, stillWanted) => createArticle(dependencies, input, person, stillWanted),
    removeArticle: (articleId, person) => removeArticle(dependencies, articleId, person),
    standingIn: (articleId, person) => standingIn(storage, articleId, person),
  };
}

async function perform<T extends CommandType>(
  type: T,
  context: CommandContext,
  payload: CommandPayload<T>,
  commandId: string,
): Promise<CommandResult<T>> {
  const handler = HANDLERS[type];
  if (!may(context.standing, 'read')) throw new KopuroError('not-allowed');
  handler.authorise(context, payload);
  const apply = handler.prepare ? await handler.prepare(context, payload) : handler.apply;
  return context.room.transact(
    context.person,
    () => {
      handler.authorise(context, payload); // the document may have changed while `prepare` was under way
      return apply(context, payload);
    },
    { id: commandId, personId: context.person.id, result: (value) => value },
  );
}

/** A command id belongs to who sent it first: the answer to it is nobody else's. */
function refuseForeign(first: { personId: string; articleId: string }, personId: string, articleId: string): void {
  if (first.personId !== personId || first.articleId !== articleId)
    throw new KopuroError('not-allowed', { field: 'id' });
}

async function whoIs(
  storage: Storage,
  articleId: string,
  personId: string,
): Promise<{ person: Person; standing: Standing }> {
  const [person, own, summary] = await Promise.all([
    storage.people.find(personId),
    storage.articles.standing(articleId, personId),
    storage.articles.summary(articleId),
  ]);
  if (!person || person.removedAt !== null) throw new KopuroError('not-signed-in');
  if (!summary) throw new KopuroError('article-not-found');
  return { person, standing: own ?? { role: person.role, languages: person.languages } };
}
