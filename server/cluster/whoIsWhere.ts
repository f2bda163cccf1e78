// Which people are in which article, over which process. Pure bookkeeping: what one process says replaces what it said before.
import type { Person } from '../../shared/protocol/rest.ts';
import type { People } from './messages.ts';

export class WhoIsWhere {
  readonly #byProcess = new Map<string, Map<string, readonly Person[]>>();

  /** What `process` says; `isWhole`: its people are nowhere else. Answers with the articles in which that changed something. */
  take(process: string, people: People, isWhole: boolean): string[] {
    const known = this.#byProcess.get(process) ?? new Map<string, readonly Person[]>();
    const changed: string[] = [];
    if (isWhole) {
      for (const articleId of [...known.keys()]) {
        if (Object.hasOwn(people, articleId)) continue;
        known.delete(articleId);
        changed.push(articleId);
      }
    }
    for (const [articleId, here] of Object.entries(people)) {
      if (sameFaces(known.get(articleId) ?? [], here)) continue;
      if (here.length === 0) known.delete(articleId);
      else known.set(articleId, here);
      changed.push(articleId);
    }
    if (known.size === 0) this.#byProcess.delete(process);
    else this.#byProcess.set(process, known);
    return changed;
  }

  /** By article, over this process. */
  of(process: string): People {
    return Object.fromEntries(this.#byProcess.get(process) ?? []);
  }

  /** Everybody in the article, each once. */
  in(articleId: string): Person[] {
    const people = new Map<string, Person>();
    for (const articles of this.#byProcess.values()) {
      for (const person of articles.get(articleId) ?? []) people.set(person.id, person);
    }
    return [...people.values()];
  }
}

function sameFaces(some: readonly Person[], others: readonly Person[]): boolean {
  return some.length === others.length && some.every((one, index) => faceOf(one) === faceOf(others[index]!));
}

function faceOf({ id, name, role, color }: Person): string {
  return JSON.stringify([id, name, role, color]);
}
