// Two builds from one config: `vite build` makes the web app (dist/client), `vite build --ssr` the server (dist/server).
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig(({ isSsrBuild }) => ({
  root: isSsrBuild ? '.' : 'client',
  publicDir: isSsrBuild ? false : 'public',
  resolve: {
    dedupe: ['yjs', 'lib0', 'y-protocols', 'prosemirror-model', 'prosemirror-state', 'prosemirror-view'],
    // Says there why.
    alias: { 'react-style-singleton': fileURLToPath(new URL('client/ui/style-singleton.ts', import.meta.url)) },
  },
  build: isSsrBuild
    ? {
        outDir: 'dist/server',
        emptyOutDir: true,
        target: 'node20',
        rollupOptions: {
          input: {
            main: 'server/main.ts',
            'storage-thread': 'server/storage/sqlite/thread.ts',
            'document-thread': 'server/storage/archive/thread.ts',
            'import-thread': 'server/formats/thread.ts',
            // Not for the server: what other editors import as `kopuro/schema`.
            schema: 'shared/article/schema.ts',
          },
          output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      }
    : { outDir: '../dist/client', emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0, sourcemap: false },
}));
