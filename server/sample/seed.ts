// Makes the sample article by letting its people do everything: the editor creates it, translators write their texts, and
// every annotation, decision and verdict is a real command of whoever gave it. So authorship, rights and history are true.
import { createBlockElement } from '../../shared/article/blocks.ts';
import { textRoot } from '../../shared/article/roots.ts';
import { createCommands } from '../commands/dispatch.ts';
import type { CommandDependencies, Commands } from '../commands/types.ts';
import { SAMPLE_ARTICLE_ID, SAMPLE_SOURCE } from './article.ts';
import { SAMPLE_EDITOR } from './people.ts';
import { type CommandStep, SAMPLE_STORY, type WriteStep } from './story.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const BISHKEK_OFFSET = 6 * 60 * MINUTE;

export type SeedParts = Pick<CommandDependencies, 'storage' | 'rooms' | 'now'>;

/** Whether the sample article was made to its end: the command that the story ends with is in the log. */
export async function isSampleComplete(storage: SeedParts['storage']): Promise<boolean> {
  return (await storage.log.findCommand(commandId(SAMPLE_STORY.length - 1))) !== null;
}

/**
 * Makes the sample article, spread over the days before now. The sample people must exist. Whatever there is of the article
 * is removed: it was left half-made by a start that was cut short.
 */
export async function seedSample({ storage, rooms, now }: SeedParts): Promise<{ articleId: string }> {
  if ((await storage.articles.summary(SAMPLE_ARTICLE_ID)) !== null) {
    await rooms.drop(SAMPLE_ARTICLE_ID);
    await storage.articles.remove(SAMPLE_ARTICLE_ID);
  }
  const start = now();
  let clock = moment(start, 5, '10:05');
  const commands = createCommands({
    storage,
    rooms,
    now: () => clock,
    // Nobody is connected yet who could be told.
    notify: () => undefined,
    snapshotsChanged: () => undefined,
    articleRestored: () => undefined,
    articleRemoved: () => undefined,
    failed: (error) => {
      throw error;
    },
  });
  await commands.createArticle(
    {
      id: SAMPLE_ARTICLE_ID,
      title: 'NATO office moves to Bishkek',
      sourceLanguage: 'en',
      targetLanguages: ['ru', 'ky'],
      deadline: moment(start, -3, '18:00'),
      blocks: [...SAMPLE_SOURCE],
    },
    SAMPLE_EDITOR,
  );
  const annotations = new Map<string, string>();
  for (const [index, step] of SAMPLE_STORY.entries()) {
    clock = moment(start, step.daysAgo, step.time) + index; // one moment each: order is seen in times
    if ('write' in step) await write(rooms, step);
    else await command(commands, step, index, annotations);
  }
  return { articleId: SAMPLE_ARTICLE_ID };
}

function write(rooms: SeedParts['rooms'], step: WriteStep): Promise<void> {
  return rooms.use(SAMPLE_ARTICLE_ID, (room) =>
    room.transact(step.by, (doc) => {
      const fragment = doc.getXmlFragment(textRoot(step.write.language));
      fragment.insert(fragment.length, step.write.blocks.map(createBlockElement));
    }),
  );
}

async function command(
  commands: Commands,
  step: CommandStep,
  index: number,
  annotations: Map<string, string>,
): Promise<void> {
  const result = await commands.run(
    {
      id: commandId(index),
      articleId: SAMPLE_ARTICLE_ID,
      type: step.command,
      payload: step.on === undefined ? step.payload : { annotationId: named(annotations, step.on), ...step.payload },
    },
    step.by,
  );
  if (step.as !== undefined && 'annotationId' in result) annotations.set(step.as, result.annotationId);
}

function commandId(index: number): string {
  return `sample-${index}`;
}

function named(annotations: ReadonlyMap<string, string>, name: string): string {
  const id = annotations.get(name);
  if (id === undefined) throw new Error(`the sample's story speaks of “${name}” before it was made`);
  return id;
}

/** A time of day in Bishkek, some days before `now` (negative: after). */
function moment(now: number, daysAgo: number, time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  const midnight = Math.floor((now + BISHKEK_OFFSET) / DAY) * DAY - BISHKEK_OFFSET;
  return midnight - daysAgo * DAY + (hours! * 60 + minutes!) * MINUTE;
}
