// Mentions in messages: written `@[Name](personId)`, typed as `@na…` with a list of people to choose from. Pure.

export type BodyPart = { text: string } | { mention: string; personId: string };

const MENTION = /@\[([^\]\n]{1,100})\]\(([A-Za-z0-9_-]{1,64})\)/g;

/** A message's body as words and mentions, in order. */
export function parseBody(body: string): BodyPart[] {
  const parts: BodyPart[] = [];
  let end = 0;
  for (const match of body.matchAll(MENTION)) {
    if (match.index > end) parts.push({ text: body.slice(end, match.index) });
    parts.push({ mention: match[1]!, personId: match[2]! });
    end = match.index + match[0].length;
  }
  if (end < body.length) parts.push({ text: body.slice(end) });
  return parts;
}

/** The people mentioned in a body, each once. */
export function mentionedIds(body: string): string[] {
  return [...new Set([...body.matchAll(MENTION)].map((match) => match[2]!))];
}

/** Somebody who can be mentioned. */
export interface Mentionable {
  id: string;
  name: string;
}

/** What is being typed at the caret after an `@` that starts a word, or null: `{from: index of the @, query}`. */
export function mentionQuery(text: string, caret: number): { from: number; query: string } | null {
  const before = text.slice(0, caret);
  const match = /(?:^|[\s(«"„“])@([\p{L}\p{M}\d.'’-]*(?: [\p{L}\p{M}\d.'’-]+)?)$/u.exec(before);
  if (!match) return null;
  return { from: before.length - match[1]!.length - 1, query: match[1]! };
}

/** The people whose name, or a word of it, begins with the query; at most `limit`. */
export function matchPeople<P extends Mentionable>(people: readonly P[], query: string, limit = 6): P[] {
  const wanted = query.toLocaleLowerCase();
  const starts = (name: string) => {
    const lower = name.toLocaleLowerCase();
    return lower.startsWith(wanted) || lower.split(/\s+/).some((word) => word.startsWith(wanted));
  };
  return people.filter((person) => starts(person.name)).slice(0, limit);
}

/**
 * What a person typed, as it is to be sent: every `@Name` of a chosen person becomes a mention. In the field itself only
 * the name stands, so that nobody has to read ids.
 */
export function toBody(typed: string, chosen: readonly Mentionable[]): string {
  const longestFirst = [...chosen].sort((a, b) => b.name.length - a.name.length);
  let body = '';
  for (let index = 0; index < typed.length; ) {
    const person =
      typed[index] === '@' ? longestFirst.find(({ name }) => typed.startsWith(name, index + 1)) : undefined;
    if (person) {
      body += `@[${person.name.replaceAll(']', '')}](${person.id})`;
      index += person.name.length + 1;
    } else {
      body += typed[index];
      index++;
    }
  }
  return body;
}

/** The reverse of `toBody`, for editing a message: the text of the field and the people in it. */
export function fromBody(body: string): { typed: string; chosen: Mentionable[] } {
  const chosen: Mentionable[] = [];
  let typed = '';
  for (const part of parseBody(body)) {
    if ('text' in part) typed += part.text;
    else {
      typed += `@${part.mention}`;
      if (!chosen.some(({ id }) => id === part.personId)) chosen.push({ id: part.personId, name: part.mention });
    }
  }
  return { typed, chosen };
}
