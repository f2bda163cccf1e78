// Starts the web app in the browser: loads the words of one language, makes the parts that live as long as the tab, renders.
import '@fontsource-variable/inter';
import '@fontsource-variable/source-serif-4';
import '@fontsource-variable/source-serif-4/wght-italic.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/controls.css';
import './ui/overlays.css';
import './ui/display.css';
import './app/app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/queries.ts';
import { App, fetchAhead } from './app/App.tsx';
import { chosenLanguage, createTranslator, firstLanguage } from './app/i18n.ts';
import { createLive } from './app/live.ts';

fetchAhead(location.pathname);
const language = firstLanguage(chosenLanguage(), navigator.languages);
const translator = await createTranslator(language);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App translator={translator} queries={createQueryClient()} live={createLive()} />
  </StrictMode>,
);
