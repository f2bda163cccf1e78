// What is saved, counted as the server counts: `saved n` covers the first n sync messages of this connection that carried an
// update. Pure bookkeeping: it knows neither sockets nor Yjs, only what it is told.

/** Follows the changes made here from the keystroke to the server's word. */
export class SaveCounter {
  private connected = false;
  private answered = false;
  private sentMessages = 0;
  private savedMessages = 0;
  /** For each change that waits: the number of the message that carries it on this connection, 0 while there is none. */
  private waiting: number[];

  /** `earlier`: changes that an earlier visit left unsaved in the local database. */
  constructor(earlier = 0) {
    this.waiting = new Array<number>(earlier).fill(0);
  }

  /** Changes whose saving the server has not confirmed. */
  get changes(): number {
    return this.waiting.length;
  }

  /** True only after the server's word for everything: what it asked for on this connection was sent, and all that was sent is saved. */
  get saved(): boolean {
    return this.settled && this.waiting.length === 0;
  }

  private get settled(): boolean {
    return this.connected && this.answered && this.savedMessages >= this.sentMessages;
  }

  /** More changes of an earlier visit were found. */
  restored(changes: number): void {
    this.waiting = [...new Array<number>(changes).fill(0), ...this.waiting];
  }

  /** A new connection: nothing of what was sent on the one before counts. */
  opened(): void {
    this.connected = true;
    this.restart();
  }

  closed(): void {
    this.connected = false;
    this.restart();
  }

  /** Somebody typed here. Called before the message that carries the change is sent. */
  changed(): void {
    this.waiting.push(0);
  }

  /** A sync message that carries an update left. `difference`: the answer to the server's question, with everything it lacks. */
  sent(kind: 'difference' | 'update'): void {
    this.sentMessages += 1;
    if (kind === 'difference') {
      this.answered = true;
      this.waiting = this.waiting.map((message) => message || this.sentMessages);
    } else if (this.waiting.at(-1) === 0) {
      this.waiting[this.waiting.length - 1] = this.sentMessages;
    }
  }

  /** The server's word: the first `count` messages are committed and flushed. */
  acknowledged(count: number): void {
    this.savedMessages = Math.max(this.savedMessages, count);
    this.waiting = this.waiting.filter((message) => message === 0 || message > this.savedMessages);
  }

  private restart(): void {
    this.answered = false;
    this.sentMessages = 0;
    this.savedMessages = 0;
    this.waiting.fill(0);
  }
}
