// Runs before anything is painted, so that the chosen theme and language are there from the first pixel on. A file of its
// own because the content security policy allows no inline script. The keys are those of client/app/theme.ts and i18n.ts.
// Zod tries whether it may compile its checks; the policy says no and would report each try as a breach.
globalThis.__zod_globalConfig = { jitless: true };

(() => {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem('kopuro_theme');
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    const language = localStorage.getItem('kopuro_language');
    if (language) root.lang = language;
  } catch {
    // Storage is closed to us (private window): the system's theme and the browser's language then.
  }
})();
