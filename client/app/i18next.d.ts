// Makes the keys of `t` typed: a key that is not in translations/en.json does not compile.
import 'i18next';
import type english from '../../translations/en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof english };
  }
}
