// A newsroom in trouble, as its tests see it: who types where, until when, and whether anything was lost or doubled. Everything
// that was opened is closed in the opposite order, whatever became of the test.
import { expect } from 'vitest';
import * as Y from 'yjs';
import { Typist, until } from '../support/typist.ts';
import { type Newsroom, type NewsroomOptions, openNewsroom, type Somebody } from './newsroom.ts';

export class Scene {
  newsroom!: Newsroom;
  editor!: Somebody;
  articleId = '';
  readonly #typists = new Set<Typist>();
  readonly #undo: (() => Promise<unknown> | unknown)[] = [];

  /** A newsroom with an editor and an article. */
  async open(options: NewsroomOptions = {}): Promise<void> {
    this.newsroom = await openNewsroom(options);
    this.after(() => this.newsroom.dispose());
    this.editor = await this.newsroom.person('editor', [], 'Aida');
    this.articleId = await this.newsroom.article(this.editor);
  }

  /** Is done at the end. */
  after(step: () => Promise<unknown> | unknown): void {
    this.#undo.push(step);
  }

  async close(): Promise<void> {
    const problems: unknown[] = [];
    for (const typist of this.#typists) this.after(() => typist.destroy());
    this.#typists.clear();
    for (let step = this.#undo.pop(); step; step = this.#undo.pop()) {
      try {
        await step();
      } catch (error) {
        problems.push(error); // the others must be closed all the same
      }
    }
    if (problems.length > 0) throw problems[0];
  }

  /** Somebody at a process (its number), or behind the balancer. */
  join(
    at: number | 'balancer',
    { who = this.editor, articleId = this.articleId, language = 'en', doc = new Y.Doc() } = {},
  ): Typist {
    const { url } = at === 'balancer' ? this.newsroom.balancer : this.newsroom.processes[at]!;
    const typist = new Typist({ url, articleId, language, token: who.token, doc });
    this.#typists.add(typist);
    return typist;
  }

  /** Their window is thrown away, with everything that it holds. */
  leave(typist: Typist): void {
    typist.destroy();
    this.#typists.delete(typist);
  }

  /** Everybody types until `stop`, all the time. */
  typing(writers: readonly Typist[], everyMs = 8): { stop(): void } {
    const timer = setInterval(() => {
      for (const writer of writers) writer.type();
    }, everyMs);
    this.after(() => clearInterval(timer));
    return { stop: () => clearInterval(timer) };
  }

  /** Until everybody has `more` words more acknowledged than now. */
  async goOn(writers: readonly Typist[], what: string, more = 1): Promise<void> {
    const before = writers.map(({ acknowledged }) => acknowledged.size);
    await until(() => writers.every((one, index) => one.acknowledged.size >= before[index]! + more), what);
  }

  /**
   * Everything that `writers` typed is acknowledged, and it and `alsoThere` are there, once, for somebody who has nothing yet, at
   * each process. Nobody was refused anything, everybody has the same, and the log is whole.
   */
  async nothingLost(writers: readonly Typist[], processes: readonly number[], alsoThere: readonly string[] = []) {
    await Promise.all(writers.map((writer) => writer.allAcknowledged()));
    const words = new Set([...writers.flatMap(({ typed }) => typed), ...alsoThere]);
    expect(words.size).toBeGreaterThan(0);
    const texts: string[] = [];
    for (const process of processes) {
      const fresh = this.join(process);
      await fresh.connect();
      const isThere = () => {
        const there = fresh.words();
        return [...words].every((word) => there.has(word));
      };
      await until(isThere, `everything is at ${process}`);
      texts.push(fresh.text());
    }
    const parts = texts[0]!.split(/\s+/);
    const counts = new Map<string, number>();
    for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + 1);
    expect([...words].filter((word) => counts.get(word) !== 1)).toEqual([]);
    expect(texts.filter((text) => text !== texts[0])).toEqual([]);
    for (const writer of writers) await until(() => writer.text() === texts[0], 'everybody has the same');
    expect(writers.flatMap(({ refusals }) => refusals)).toEqual([]);
    const asked = this.newsroom.processes[processes[0]!]!;
    expect(await asked.ask({ ask: 'verify', articleId: this.articleId })).toEqual([]);
  }
}
