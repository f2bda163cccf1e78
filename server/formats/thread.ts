// The import thread: reads one text after the other, so that a long or a hostile one costs nobody else their time. It knows
// what import.ts knows and nothing of who asks.
import { parentPort } from 'node:worker_threads';
import { KopuroError } from '../../shared/protocol/errors.ts';
import { blocksOf, previewText, readImport } from './import.ts';
import type { ThreadAnswer, ThreadQuestion } from './reading.ts';

if (!parentPort) throw new Error('the import thread must be started as a worker');
const port = parentPort;
const say = (answer: ThreadAnswer) => port.postMessage(answer);

port.on('message', (question: ThreadQuestion) => {
  try {
    say({ kind: 'done', value: answer(question) });
  } catch (error) {
    if (!(error instanceof KopuroError)) throw error; // a bug: the thread ends, and whoever asked is told
    const { code, details } = error;
    say({ kind: 'refused', code, ...(details ? { details } : {}) });
  }
});
say({ kind: 'ready' });

function answer(question: ThreadQuestion): unknown {
  switch (question.kind) {
    case 'file':
      return readImport(question.input).preview;
    case 'text':
      return previewText(question.content, question.format).preview;
    case 'blocks':
      return blocksOf(question.content, question.format);
  }
}
