// A whole editor for one text of one article, with nothing of Köpürö's but its schema. Open it as
// index.html#server=ws://localhost:8080&article=ARTICLE_ID&language=ru&token=TOKEN
import { articleSchema, SCHEMA_VERSION } from 'kopuro/schema';
import { baseKeymap } from 'prosemirror-commands';
import { keymap } from 'prosemirror-keymap';
import { EditorState } from 'prosemirror-state';
import { EditorView } from 'prosemirror-view';
import { initProseMirrorDoc, yCursorPlugin, ySyncPlugin, yUndoPlugin } from 'y-prosemirror';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

const { server, article, language, token } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const status = document.querySelector('#status');

const provider = new WebsocketProvider(`${server}/sync`, article, new Y.Doc(), {
  // Says which schema this editor knows: a server with another one lets it read only, instead of losing what it does not know.
  params: { token, schema: String(SCHEMA_VERSION) },
});
provider.on('status', (event) => {
  status.textContent = event.status;
});
// Codes 4400 to 4499 are final: no such article, not allowed, something was refused. See docs/protocol.md.
provider.on('closed', ({ code, reason }) => {
  status.textContent = `closed: ${code} ${reason}`;
});

// Not before the text is here: an editor that is bound to an empty text writes its first paragraph into it.
provider.once('sync', () => {
  const text = provider.doc.getXmlFragment(`text/${language}`);
  const { doc, mapping } = initProseMirrorDoc(text, articleSchema);
  new EditorView(document.querySelector('#text'), {
    state: EditorState.create({
      doc,
      schema: articleSchema,
      // `block` is what an article is made of; the default protects paragraphs only from an undo of others' words.
      plugins: [
        ySyncPlugin(text, { mapping }),
        yCursorPlugin(provider.awareness),
        yUndoPlugin({ protectedNodes: new Set(['block']) }),
        keymap(baseKeymap),
      ],
    }),
  });
});
