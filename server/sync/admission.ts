// Whether somebody may open one more connection: how many one person has, here and in one article, and how quickly they come.
// It counts; it knows nothing of rights.
import { CLOSE, type Close } from '../../shared/protocol/sync.ts';
import type { PersonBudgets } from './rateLimit.ts';

export interface AdmissionParts {
  /** What one person may spend on joining: one token each time. */
  joins: PersonBudgets;
  /** Open connections of one person at most. */
  personConnections: number;
  /** Those of them that are in one article. */
  articleConnections: number;
}

export class Admission {
  readonly #parts: AdmissionParts;
  /** Open connections, by person and article. People who have none are not in it. */
  readonly #open = new Map<string, Map<string, number>>();

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /** Counts one in, or answers with why it has to go. Whoever is counted in has to be counted out by `leave`. */
  enter(personId: string, articleId: string): Close | null {
    const { joins, personConnections, articleConnections } = this.#parts;
    if (!joins.takeOf(personId, 1)) return CLOSE.rateLimited;
    const articles = this.#open.get(personId) ?? new Map<string, number>();
    const here = articles.get(articleId) ?? 0;
    let all = 0;
    for (const count of articles.values()) all += count;
    if (here >= articleConnections || all >= personConnections) return CLOSE.tooManyConnections;
    articles.set(articleId, here + 1);
    this.#open.set(personId, articles);
    return null;
  }

  leave(personId: string, articleId: string): void {
    const articles = this.#open.get(personId);
    const here = articles?.get(articleId);
    if (!articles || here === undefined) return;
    if (here > 1) articles.set(articleId, here - 1);
    else articles.delete(articleId);
    if (articles.size === 0) this.#open.delete(personId);
  }

  /** Forgets who has not come for long. Called from time to time. */
  sweep(): void {
    this.#parts.joins.sweep();
  }
}
