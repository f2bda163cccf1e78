// Makes the keys of `t` typed: a key that is not in translations/en.json does not compile. What only the command line says is
// left out: the web app has no use for it, and the compiler can follow only so many keys.
import 'i18next';
import type english from '../../translations/en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Omit<typeof english, 'cli'> };
  }
}
