// Counts what an import cleaned, by code, so that the person who imports can read what was changed.
import { type CleaningNote, cleaningNoteSchema } from '../../shared/protocol/rest.ts';

export type CleaningCode = CleaningNote['code'];

/** The tally of one import. */
export class Cleaning {
  readonly #counts = new Map<CleaningCode, number>();
  readonly #details = new Map<CleaningCode, string>();

  add(code: CleaningCode, count = 1, detail?: string): void {
    if (count <= 0) return;
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + count);
    if (detail !== undefined) this.#details.set(code, detail);
  }

  /** What was cleaned, in the order of the schema. */
  notes(): CleaningNote[] {
    return cleaningNoteSchema.shape.code.options.flatMap((code) => {
      const count = this.#counts.get(code);
      if (count === undefined) return [];
      const detail = this.#details.get(code);
      return [detail === undefined ? { code, count } : { code, count, detail }];
    });
  }
}
