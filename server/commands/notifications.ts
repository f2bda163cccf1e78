// Who is told of what. Notifications are stored first and then sent; they follow a command and never make it fail.
import type { Annotation } from '../../shared/annotation/types.ts';
import { readMeta } from '../../shared/article/meta.ts';
import type { Notification } from '../../shared/protocol/rest.ts';
import type { CommandContext } from './types.ts';

/** More people than this are not called by one message. */
const MAX_MENTIONS = 20;
const MAX_EXCERPT = 280;
const MENTION = /@\[([^\]\n]{1,100})\]\(([A-Za-z0-9_-]{1,64})\)/g;

/** Ids of the people mentioned in a message, each once. */
export function mentionedIn(body: string): string[] {
  return [...new Set(Array.from(body.matchAll(MENTION), (match) => match[2]!))].slice(0, MAX_MENTIONS);
}

/** Tells the people whom `body` mentions (those of `except` were told already), and afterwards `owner`, who is answered. */
export function tellOfMessage(
  context: CommandContext,
  annotation: Pick<Annotation, 'id'>,
  body: string,
  options: { owner?: string; except?: readonly string[] } = {},
): void {
  const mentioned = mentionedIn(body).filter((id) => !options.except?.includes(id));
  for (const id of mentioned) tell(context, id, 'mention', annotation.id, body);
  if (options.owner !== undefined && !mentioned.includes(options.owner)) {
    tell(context, options.owner, 'reply', annotation.id, body);
  }
}

/** Tells one person, unless it is their own doing or they are no longer here. */
export function tell(
  context: CommandContext,
  personId: string,
  kind: Notification['kind'],
  annotationId: string,
  text: string,
): void {
  const { person, storage, events } = context;
  if (personId === person.id) return;
  const notification: Notification = {
    id: context.newId(),
    kind,
    articleId: context.articleId,
    articleTitle: readMeta(context.doc).title,
    annotationId,
    by: { id: person.id, name: person.name },
    excerpt: excerpt(text),
    at: context.at,
    readAt: null,
  };
  context.afterwards('notification', async () => {
    const recipient = await storage.people.find(personId);
    if (!recipient || recipient.removedAt !== null) return;
    await storage.notifications.create(personId, notification);
    events.notify(personId, notification);
  });
}

function excerpt(text: string): string {
  const plain = text.replace(MENTION, '@$1').replace(/\s+/g, ' ').trim();
  if (plain.length <= MAX_EXCERPT) return plain;
  return `${plain.slice(0, MAX_EXCERPT).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
