// The four people of the sample newsroom. Their ids are fixed: that is how later starts know whom to print links for.
import type { Role } from '../../shared/access/roles.ts';

export interface SamplePerson {
  id: string;
  name: string;
  role: Role;
  languages: readonly string[];
}

export const SAMPLE_EDITOR: SamplePerson = {
  id: 'sample-editor',
  name: 'Айгүл Осмонова',
  role: 'editor',
  languages: ['en'],
};
export const SAMPLE_RUSSIAN_TRANSLATOR: SamplePerson = {
  id: 'sample-translator-ru',
  name: 'Нина Ковалёва',
  role: 'translator',
  languages: ['ru'],
};
export const SAMPLE_KYRGYZ_TRANSLATOR: SamplePerson = {
  id: 'sample-translator-ky',
  name: 'Бакыт Токтогулов',
  role: 'translator',
  languages: ['ky'],
};
export const SAMPLE_FACT_CHECKER: SamplePerson = {
  id: 'sample-fact-checker',
  name: 'Чынара Сыдыкова',
  role: 'fact-checker',
  languages: [],
};

/** In the order in which the banner lists them. */
export const SAMPLE_PEOPLE: readonly SamplePerson[] = [
  SAMPLE_EDITOR,
  SAMPLE_RUSSIAN_TRANSLATOR,
  SAMPLE_KYRGYZ_TRANSLATOR,
  SAMPLE_FACT_CHECKER,
];
