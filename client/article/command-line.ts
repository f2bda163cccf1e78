// Commands over the tab's socket.io connection: the outbox's way to the server.
import type { Live } from '../app/live.ts';
import type { CommandLine } from './outbox.ts';

export function liveLine(live: Pick<Live, 'connected' | 'command'>): CommandLine {
  return {
    connected: () => live.connected.get(),
    onConnect: (listener) =>
      live.connected.subscribe(() => {
        if (live.connected.get()) listener();
      }),
    send: (envelope) => live.command(envelope),
  };
}
