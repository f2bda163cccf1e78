// Commands over socket.io: the outbox's way to the server.
import type { Socket } from 'socket.io-client';
import type { ClientEvents, ServerEvents } from '../../shared/protocol/events.ts';
import type { CommandLine } from './outbox.ts';

export type LiveSocket = Socket<ServerEvents, ClientEvents>;

/** An answer that takes longer than this is not coming: the command is sent again. */
const ANSWER_WITHIN_MS = 20_000;

export function socketLine(socket: LiveSocket): CommandLine {
  return {
    connected: () => socket.connected,
    onConnect(listener) {
      socket.on('connect', listener);
      return () => {
        socket.off('connect', listener);
      };
    },
    send: (envelope) => socket.timeout(ANSWER_WITHIN_MS).emitWithAck('command', envelope),
  };
}
