// Gets raw clients into an article: the first brings its content to a server that does not have it, the others come and sync.
import type { Article, Task } from './task.ts';
import { RawClient } from './wire.ts';

/** So many handshakes at a time: more would measure the queue for them. */
const AT_ONCE = 50;

export function clientFor(task: Task, article: Article, cookie: string | undefined): RawClient {
  return new RawClient({ dialect: task.dialect, port: task.port, document: article.id, cookie: cookie ?? '' });
}

/** Opens and syncs. */
export async function join(task: Task, article: Article, cookie: string | undefined): Promise<RawClient> {
  const client = clientFor(task, article, cookie);
  await client.open();
  await client.sync();
  return client;
}

/** Makes the article be there, with its content; the connection keeps it there. */
export async function hold(task: Task, article: Article, editor = 0): Promise<RawClient> {
  const client = await join(task, article, task.editors[editor % task.editors.length]);
  if (task.dialect === 'yjs' || task.dialect === 'hocuspocus') {
    client.update(article.state);
    await client.sync();
  }
  return client;
}

/** `make` for each of 0 to `count` − 1, some at a time, in order. */
export async function manyOf<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let from = 0; from < count; from += AT_ONCE) {
    const indices = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) => from + index);
    all.push(...(await Promise.all(indices.map(make))));
  }
  return all;
}
