// The time in which storage cannot store: begins when a commit has failed for good, ends when a look at storage succeeds and
// is over for certain with the next commit. It owns one timer, and knows nothing of what is stored.
import type { Logger } from 'pino';

/** Pauses between looks double up to this many times the first. */
const LONGEST = 16;

type State =
  | { kind: 'none' }
  | { kind: 'on'; pause: number; timer: NodeJS.Timeout }
  /** A look succeeded; whether commits do is not known yet. `pause`: the one before it. */
  | { kind: 'suspected'; pause: number };

export class Outage {
  readonly #check: () => Promise<void>;
  readonly #firstPause: number;
  readonly #logger: Logger;
  readonly #changed: () => void;
  #state: State = { kind: 'none' };

  constructor(check: () => Promise<void>, firstPause: number, logger: Logger, changed: () => void) {
    this.#check = check;
    this.#firstPause = firstPause;
    this.#logger = logger;
    this.#changed = changed;
  }

  /** Nothing can be stored. */
  get isOn(): boolean {
    return this.#state.kind === 'on';
  }

  /** A commit has failed for good. */
  begin(): void {
    if (this.#state.kind === 'on') return;
    this.#wait(this.#state.kind === 'none' ? this.#firstPause : this.#longer(this.#state.pause));
    this.#changed();
  }

  /** A commit has succeeded. */
  end(): void {
    if (this.#state.kind === 'none') return;
    this.stop();
    this.#logger.info('changes are stored again');
    this.#changed();
  }

  /** Ends its timer. */
  stop(): void {
    if (this.#state.kind === 'on') clearTimeout(this.#state.timer);
    this.#state = { kind: 'none' };
  }

  #wait(pause: number): void {
    const timer = setTimeout(() => this.#look(pause), pause);
    this.#state = { kind: 'on', pause, timer };
  }

  async #look(pause: number): Promise<void> {
    let works = true;
    try {
      await this.#check();
    } catch (error) {
      this.#logger.warn({ err: error }, 'storage still fails');
      works = false;
    }
    if (this.#state.kind !== 'on') return;
    if (!works) {
      this.#wait(this.#longer(pause));
      return;
    }
    this.#state = { kind: 'suspected', pause };
    this.#changed();
  }

  #longer(pause: number): number {
    return Math.min(pause * 2, this.#firstPause * LONGEST);
  }
}
