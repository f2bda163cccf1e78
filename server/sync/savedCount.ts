// The number behind "Saved": how many of the sync updates that came over one connection are on disk, counted from its first.
// Pure bookkeeping; it knows neither messages nor documents.

export class SavedCount {
  #received = 0;
  #saved = 0;
  /** Counts that become true when the document's version is committed; both rise. */
  #waiting: { count: number; version: number }[] = [];
  /** From this update on nothing counts, until a whole answer to our question has brought what was missing. */
  #missingFrom: number | null = null;

  /** An update came whose content is in the document, at `version` or before. `isWhole`: it holds all that the client has. */
  taken(version: number, isWhole: boolean): void {
    this.#received += 1;
    if (isWhole) this.#missingFrom = null;
    if (this.#missingFrom !== null) return;
    const last = this.#waiting[this.#waiting.length - 1];
    if (last?.version === version) last.count = this.#received;
    else this.#waiting.push({ count: this.#received, version });
  }

  /** An update came that could not be taken yet. */
  missing(): void {
    this.#received += 1;
    this.#missingFrom ??= this.#received;
  }

  /** Whether something is missing that we have asked for. */
  get isMissing(): boolean {
    return this.#missingFrom !== null;
  }

  /** Everything up to `version` is on disk. The new count, or null if it did not rise. */
  committed(version: number): number | null {
    const open = this.#waiting.findIndex((one) => one.version > version);
    const done = open === -1 ? this.#waiting.length : open;
    if (done === 0) return null;
    this.#saved = this.#waiting[done - 1]!.count;
    // A new one: an array from which all was taken keeps its room, and thousands are idle.
    this.#waiting = this.#waiting.slice(done);
    return this.#saved;
  }
}
